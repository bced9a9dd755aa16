import { isRecord } from '../../api/json';
import { KubernetesObject } from '../../api/object';
import { containsBlock, readBlock } from './addresses';
import { isFilled, record, records, strings } from './readSpec';

const MAX_PORTS = 40;
const ENTITIES = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'cluster-mesh',
  'host',
  'init',
  'ingress',
  'unmanaged',
  'remote-node',
  'health',
  'none',
  'kube-apiserver',
];
const PEER_KINDS = [
  'Endpoints',
  'CIDR',
  'CIDRSet',
  'Entities',
  'Nodes',
  'Groups',
  'FQDNs',
];
const BROKEN_SELECTOR = 'an expression of a selector is incomplete';
const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

/** Why Cilium's agent refuses a policy of its own kinds, if so: it is then not in force at all. */
export function findCiliumRefusal(
  object: KubernetesObject,
): string | undefined {
  const { kind } = object;
  const isClusterwide = kind === 'CiliumClusterwideNetworkPolicy';
  if (!isClusterwide && kind !== 'CiliumNetworkPolicy') return undefined;
  const specs = specsOf(object);
  return specs.length === 0
    ? 'it has no spec'
    : specs.map(spec => findCiliumProblem(spec, isClusterwide)).find(Boolean);
}

/** `spec` and `specs` of a policy, which count alike. */
export function specsOf({
  spec,
  specs,
}: KubernetesObject): Record<string, unknown>[] {
  return [...(isRecord(spec) ? [spec] : []), ...records(specs)];
}

/**
 * Why Cilium's agent refuses a rule, if so. It drops the whole object then, and what the object was to deny is open.
 * Not every check of the agent is here, only those that people run into.
 */
function findCiliumProblem(
  spec: Record<string, unknown>,
  isClusterwide: boolean,
): string | undefined {
  if (LISTS.every(list => !isFilled(spec[list])))
    return 'it has no rule at all';
  const subject = findSubjectProblem(spec, isClusterwide);
  if (subject) return subject;
  for (const list of LISTS) {
    const prefix = list.startsWith('ingress') ? 'from' : 'to';
    for (const rule of records(spec[list])) {
      const problem = findRuleProblem(rule, prefix);
      if (problem) return problem;
    }
  }
  return undefined;
}

function findSubjectProblem(
  { endpointSelector, nodeSelector }: Record<string, unknown>,
  isClusterwide: boolean,
): string | undefined {
  const isNode = isRecord(nodeSelector);
  if (isRecord(endpointSelector) === isNode)
    return isNode
      ? 'it selects both endpoints and nodes'
      : 'it selects neither endpoints nor nodes';
  if (isNode && !isClusterwide)
    return 'only a clusterwide policy may select nodes';
  return hasBrokenExpression(endpointSelector) ? BROKEN_SELECTOR : undefined;
}

function findRuleProblem(
  rule: Record<string, unknown>,
  prefix: 'from' | 'to',
): string | undefined {
  const kinds = PEER_KINDS.map(kind => `${prefix}${kind}`).filter(kind =>
    isFilled(rule[kind]),
  );
  if (kinds.length > 1) return `a rule combines ${kinds.join(' and ')}`;
  if (isFilled(rule.icmps) && isFilled(rule.toPorts))
    return 'a rule combines icmps and toPorts';
  const entity = strings(rule[`${prefix}Entities`]).find(
    one => !ENTITIES.includes(one),
  );
  if (entity !== undefined) return `there is no entity ${entity}`;
  if (records(rule[`${prefix}Endpoints`]).some(hasBrokenExpression))
    return BROKEN_SELECTOR;
  const name = records(rule.toFQDNs).find(isBrokenName);
  if (name) return `${JSON.stringify(name)} is no name or pattern`;
  return (
    findBlockProblem(rule, prefix) ??
    records(rule.toPorts)
      .map(item => findPortProblem(item))
      .find(Boolean)
  );
}

function hasBrokenExpression(selector: unknown): boolean {
  return records(record(selector).matchExpressions).some(
    ({ key, operator, values }) => {
      if (typeof key !== 'string' || key === '') return true;
      if (operator === 'In' || operator === 'NotIn') return !isFilled(values);
      const isKnown = operator === 'Exists' || operator === 'DoesNotExist';
      return !isKnown || isFilled(values);
    },
  );
}

function isBrokenName(fqdn: Record<string, unknown>): boolean {
  const { matchName = '', matchPattern = '' } = fqdn;
  if (typeof matchName !== 'string' || typeof matchPattern !== 'string')
    return true;
  if (matchName && matchPattern) return true;
  return !/^[-\w.]*$/.test(matchName) || !/^[-\w.*]*$/.test(matchPattern);
}

function findBlockProblem(
  rule: Record<string, unknown>,
  prefix: 'from' | 'to',
): string | undefined {
  const sets = records(rule[`${prefix}CIDRSet`]);
  const blocks = [
    ...strings(rule[`${prefix}CIDR`]),
    ...sets.flatMap(({ cidr }) => (typeof cidr === 'string' ? [cidr] : [])),
  ];
  const block = blocks.find(one => !readBlock(one));
  if (block !== undefined) return `${block} is no address block`;
  const isOutside = ({ cidr, except }: Record<string, unknown>) => {
    const outer = readBlock(String(cidr));
    return strings(except).some(one => {
      const inner = readBlock(one);
      return !outer || !inner || !containsBlock(outer, inner);
    });
  };
  return sets.some(isOutside)
    ? 'an exception lies outside of its address block'
    : undefined;
}

function findPortProblem(item: Record<string, unknown>): string | undefined {
  const ports = records(item.ports);
  const rules = Object.values(record(item.rules)).filter(isFilled);
  if (ports.length > MAX_PORTS) return `a rule has over ${MAX_PORTS} ports`;
  if (ports.some(({ port }) => port === undefined || port === ''))
    return 'a port has no number';
  return rules.length > 0 && ports.some(({ port }) => Number(port) === 0)
    ? 'a rule about requests has port 0'
    : undefined;
}
