import { AddressBlock, containsBlock, readBlock } from './addresses';
import {
  CiliumIdentity,
  NAMESPACE_LABELS,
  POD_NAMESPACE,
  POLICY_CLUSTER,
} from './ciliumIdentity';
import {
  mentions,
  readSelector,
  Requirement,
  selectsIdentity,
} from './ciliumSelector';
import { matchesFqdn } from './fqdn';
import { anyOf } from './match';
import { isFilled, record, records, strings } from './readSpec';
import { Match } from './types';

/** Whether a rule is about this peer. */
export type PeerTest = (identity: CiliumIdentity) => Match;

/** Where a rule is written. Without a namespace it is clusterwide. */
export interface RuleScope {
  readonly namespace?: string;
  readonly clusterName: string;
}

const CLUSTER_ENTITIES = [
  'host',
  'remote-node',
  'init',
  'ingress',
  'health',
  'unmanaged',
  'kube-apiserver',
];
/** Kinds of peers of which an empty list means nobody. */
const CLOSING_WHEN_EMPTY = [
  'Endpoints',
  'Nodes',
  'Entities',
  'CIDR',
  'CIDRSet',
];
const WORLD = ['world', 'world-ipv4', 'world-ipv6'];

/**
 * Who a rule is about. `nobody`: a list is there and empty. `anyone`: no list is there, so that only ports limit it,
 * and without ports the rule says nothing.
 */
export function readPeers(
  rule: Record<string, unknown>,
  direction: 'ingress' | 'egress',
  scope: RuleScope,
): PeerTest | 'nobody' | 'anyone' {
  const prefix = direction === 'ingress' ? 'from' : 'to';
  const tests: PeerTest[] = [];
  for (const [field, value] of Object.entries(rule)) {
    if (!field.startsWith(prefix) || !Array.isArray(value)) continue;
    const kind = field.slice(prefix.length);
    if (value.length === 0 && CLOSING_WHEN_EMPTY.includes(kind))
      return 'nobody';
    tests.push(...testsOf(kind, value, scope));
  }
  if (tests.length === 0) return 'anyone';
  return tests.length === 1
    ? tests[0]
    : identity => anyOf(tests, test => test(identity));
}

function testsOf(
  kind: string,
  values: readonly unknown[],
  scope: RuleScope,
): PeerTest[] {
  switch (kind) {
    case 'Endpoints':
      return records(values).map(one => endpointTest(one, scope));
    case 'Entities':
      return strings(values).map(one => entityTest(one, scope));
    case 'CIDR':
      return strings(values).map(one => blockTest({ cidr: one }));
    case 'CIDRSet':
      return records(values).map(blockTest);
    case 'FQDNs':
      return records(values).map(fqdnTest);
    case 'Nodes':
    case 'Groups':
    case 'Services':
      return isFilled(values) ? [unsureTest(kind)] : [];
    default:
      return [];
  }
}

/** A selector means its own namespace and cluster unless it says which, or speaks of what is not a pod. */
export function scopedSelector(
  selector: unknown,
  { namespace, clusterName }: RuleScope,
): Requirement[] {
  const requirements = readSelector(selector, 'any');
  if (requirements.some(({ key }) => key.startsWith('reserved:')))
    return requirements;
  const scoped = [...requirements];
  const namesNamespaceLabel = requirements.some(({ key }) =>
    /^(k8s|any):/.test(key)
      ? key.replace(/^[^:]*:/, '').startsWith(`${NAMESPACE_LABELS}.`)
      : false,
  );
  if (!mentions(requirements, POD_NAMESPACE)) {
    const key = `k8s:${POD_NAMESPACE}`;
    if (!namespace) scoped.push({ key, operator: 'Exists', values: [] });
    else if (!namesNamespaceLabel)
      scoped.push({ key, operator: 'In', values: [namespace] });
  }
  if (!mentions(requirements, POLICY_CLUSTER))
    scoped.push({
      key: `k8s:${POLICY_CLUSTER}`,
      operator: 'In',
      values: [clusterName],
    });
  return scoped;
}

function endpointTest(
  selector: Record<string, unknown>,
  scope: RuleScope,
): PeerTest {
  const labels = wholeLabels(selector);
  if (labels)
    return identity =>
      labels.every(([key, value]) => identity.labels.get(key) === value);
  const requirements = scopedSelector(selector, scope);
  return identity => selectsIdentity(requirements, identity);
}

/** The labels of a selector that says by labels alone all that a scope would add, as those that we compile do. */
function wholeLabels({
  matchLabels,
  matchExpressions,
}: Record<string, unknown>): [string, unknown][] | undefined {
  const labels = record(matchLabels);
  const isWhole =
    matchExpressions === undefined &&
    labels[`k8s:${POD_NAMESPACE}`] !== undefined &&
    labels[`k8s:${POLICY_CLUSTER}`] !== undefined;
  if (!isWhole) return undefined;
  const entries = Object.entries(labels);
  const isPlain = ([key]: [string, unknown]) =>
    key.startsWith('k8s:') && !key.startsWith(`k8s:${NAMESPACE_LABELS}`);
  return entries.every(isPlain) ? entries : undefined;
}

function entityTest(entity: string, { clusterName }: RuleScope): PeerTest {
  return ({ labels }) => {
    const isAny = (names: readonly string[]) =>
      names.some(name => labels.has(`reserved:${name}`));
    const cluster = labels.get(`k8s:${POLICY_CLUSTER}`);
    switch (entity) {
      case 'all':
        return true;
      case 'world':
        return isAny(WORLD);
      case 'world-ipv4':
      case 'world-ipv6':
        return isAny(WORLD)
          ? { unsure: 'whether the cluster is dual-stack' }
          : false;
      case 'cluster':
        return isAny(CLUSTER_ENTITIES) || cluster === clusterName;
      case 'cluster-mesh':
        return isAny(CLUSTER_ENTITIES) || cluster !== undefined;
      default:
        return isAny([entity]);
    }
  };
}

/** Address blocks are about the outside alone: by default they match neither pods nor nodes. */
function blockTest(rule: Record<string, unknown>): PeerTest {
  const outer = readBlock(String(rule.cidr ?? ''));
  const except = strings(rule.except).flatMap(one => readBlock(one) ?? []);
  return ({ labels, block, fqdn }) => {
    if (!labels.has('reserved:world')) return false;
    if (!outer) return { unsure: 'which addresses a CIDR group holds' };
    if (!block && fqdn !== undefined && outer.length > 0)
      return { unsure: `the addresses of ${fqdn}` };
    return isWithin(outer, block) && !except.some(one => isWithin(one, block));
  };
}

function isWithin(
  outer: AddressBlock,
  block: AddressBlock | undefined,
): boolean {
  if (outer.length === 0) return !block || block.family === outer.family;
  return block !== undefined && containsBlock(outer, block);
}

function fqdnTest(selector: Record<string, unknown>): PeerTest {
  return ({ fqdn }) => fqdn !== undefined && matchesFqdn(selector, fqdn);
}

function unsureTest(kind: string): PeerTest {
  return () => ({
    unsure: `which ${kind.toLowerCase()} are meant at run time`,
  });
}

/** Reads the peer of a NetworkPolicy's rule, as Cilium translates it. */
export function readNetworkPolicyPeer(
  peer: Record<string, unknown>,
  namespace: string,
  clusterName: string,
): PeerTest {
  if (peer.ipBlock) return blockTest(record(peer.ipBlock));
  const requirements = readSelector(peer.podSelector, 'k8s');
  if (!mentions(requirements, POLICY_CLUSTER))
    requirements.push({
      key: `k8s:${POLICY_CLUSTER}`,
      operator: 'In',
      values: [clusterName],
    });
  if (peer.namespaceSelector === undefined) {
    const key = `k8s:${POD_NAMESPACE}`;
    requirements.push({ key, operator: 'In', values: [namespace] });
  } else {
    const spaces = readSelector(
      peer.namespaceSelector,
      'k8s',
      `${NAMESPACE_LABELS}.`,
    );
    requirements.push(
      ...spaces,
      ...(spaces.length === 0
        ? [
            {
              key: `k8s:${POD_NAMESPACE}`,
              operator: 'Exists' as const,
              values: [],
            },
          ]
        : []),
    );
  }
  return identity => selectsIdentity(requirements, identity);
}
