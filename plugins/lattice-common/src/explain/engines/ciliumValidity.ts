import { isRecord } from '../../api/json';
import { readBlock } from './addresses';
import { isFilled, records, strings } from './readSpec';

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
const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

/**
 * Why Cilium's agent refuses a rule, if so. It drops the whole object then, and what the object was to deny is open.
 * Not every check of the agent is here, only those that people run into.
 */
export function findCiliumProblem(
  spec: Record<string, unknown>,
  isClusterwide: boolean,
): string | undefined {
  if (LISTS.every(list => !isFilled(spec[list])))
    return 'it has no rule at all';
  if (!isRecord(spec.endpointSelector) && !isRecord(spec.nodeSelector))
    return 'it selects neither endpoints nor nodes';
  if (isRecord(spec.endpointSelector) && isRecord(spec.nodeSelector))
    return 'it selects both endpoints and nodes';
  if (isRecord(spec.nodeSelector) && !isClusterwide)
    return 'only a clusterwide policy may select nodes';
  for (const list of LISTS) {
    const prefix = list.startsWith('ingress') ? 'from' : 'to';
    for (const rule of records(spec[list])) {
      const problem = findRuleProblem(rule, prefix);
      if (problem) return problem;
    }
  }
  return undefined;
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
  const blocks = [
    ...strings(rule[`${prefix}CIDR`]),
    ...records(rule[`${prefix}CIDRSet`]).flatMap(({ cidr }) =>
      typeof cidr === 'string' ? [cidr] : [],
    ),
  ];
  const block = blocks.find(one => !readBlock(one));
  if (block !== undefined) return `${block} is no address block`;
  return records(rule.toPorts)
    .map(({ ports }) => findPortProblem(records(ports)))
    .find(Boolean);
}

function findPortProblem(
  ports: readonly Record<string, unknown>[],
): string | undefined {
  if (ports.length > MAX_PORTS) return `a rule has over ${MAX_PORTS} ports`;
  return ports.some(({ port }) => port === undefined || port === '')
    ? 'a port has no number'
    : undefined;
}
