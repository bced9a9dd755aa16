import { isRecord } from '../../api/json';
import { KubernetesObject } from '../../api/object';
import { POD_NAMESPACE } from './ciliumIdentity';
import {
  PeerTest,
  readNetworkPolicyPeer,
  readPeers,
  RuleScope,
} from './ciliumPeers';
import {
  PortRules,
  readCiliumPorts,
  readNetworkPolicyPorts,
} from './ciliumPorts';
import { readSelector, Requirement } from './ciliumSelector';
import { findCiliumRefusal, specsOf } from './ciliumValidity';
import { refOf } from './match';
import { isFilled, record, records, strings } from './readSpec';
import { ObjectRef } from './types';

export type Direction = 'ingress' | 'egress';

/** One rule of one policy, about one direction. */
export interface Entry {
  readonly policy: ObjectRef;
  readonly isDeny: boolean;
  readonly deniesRest: boolean;
  readonly peers: PeerTest | 'nobody';
  readonly ports: PortRules;
}

/** A policy that Cilium has read. */
export interface CiliumPolicy {
  readonly subject: readonly Requirement[];
  /** Its rules about one direction, read when first asked for. */
  readonly entriesOf: (direction: Direction) => readonly Entry[];
}

const CILIUM_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];

/** Whether Cilium reads objects of this kind as policies. */
export function isCiliumPolicy({ kind, apiVersion }: KubernetesObject) {
  return (
    CILIUM_KINDS.includes(kind) ||
    (kind === 'NetworkPolicy' && apiVersion.startsWith('networking.k8s.io/'))
  );
}

/** Reads a policy; none for what Cilium refuses, as it then drops the object. What we compile is known to be valid. */
export function readCiliumPolicy(
  object: KubernetesObject,
  clusterName: string,
  isCompiled = false,
): CiliumPolicy[] {
  if (object.kind === 'NetworkPolicy')
    return [readNetworkPolicy(object, clusterName)];
  if (!isCompiled && findCiliumRefusal(object)) return [];
  const isClusterwide = object.kind === 'CiliumClusterwideNetworkPolicy';
  const namespace = isClusterwide ? undefined : namespaceOf(object);
  return specsOf(object)
    .filter(spec => isRecord(spec.endpointSelector))
    .map(spec => readRule(refOf(object), spec, { namespace, clusterName }));
}

function readRule(
  policy: ObjectRef,
  spec: Record<string, unknown>,
  scope: RuleScope,
): CiliumPolicy {
  const deniesRest = (direction: Direction) =>
    record(spec.enableDefaultDeny)[direction] !== false;
  const read = (direction: Direction, isDeny: boolean) =>
    records(spec[isDeny ? `${direction}Deny` : direction]).map(rule =>
      readEntry(rule, direction, scope, {
        policy,
        isDeny,
        deniesRest: deniesRest(direction),
      }),
    );
  return {
    subject: readSubject(record(spec.endpointSelector), scope.namespace),
    entriesOf: remembering(direction => [
      ...read(direction, false),
      ...read(direction, true),
    ]),
  };
}

/** A policy's own namespace always stands, whatever label its selector asks for. */
function readSubject(
  selector: Record<string, unknown>,
  namespace: string | undefined,
): Requirement[] {
  if (!namespace) return readSelector(selector, 'any');
  const own = { [`k8s:${POD_NAMESPACE}`]: namespace };
  const matchLabels = { ...own, ...record(selector.matchLabels), ...own };
  return readSelector({ ...selector, matchLabels }, 'any');
}

function readEntry(
  rule: Record<string, unknown>,
  direction: Direction,
  scope: RuleScope,
  entry: Pick<Entry, 'policy' | 'isDeny' | 'deniesRest'>,
): Entry {
  const ports = readCiliumPorts(rule);
  const peers = readPeers(rule, direction, scope);
  if (peers !== 'anyone') return { ...entry, peers, ports };
  // Without peers and without ports a rule says nothing; it only switches the denial of the rest on.
  return { ...entry, peers: ports === 'all' ? 'nobody' : () => true, ports };
}

function readNetworkPolicy(
  object: KubernetesObject,
  clusterName: string,
): CiliumPolicy {
  const spec = record(object.spec);
  const namespace = namespaceOf(object);
  const policy = refOf(object);
  const types = strings(spec.policyTypes);
  const read = (direction: Direction): Entry[] => {
    const entries = records(spec[direction]).flatMap(rule => {
      const peers = rule[direction === 'ingress' ? 'from' : 'to'];
      const tests = isFilled(peers)
        ? records(peers).map(peer =>
            readNetworkPolicyPeer(peer, namespace, clusterName),
          )
        : [() => true];
      const ports = readNetworkPolicyPorts(rule.ports);
      return tests.map(test => entryOf(policy, test, ports));
    });
    const isMeant =
      types.includes(direction === 'ingress' ? 'Ingress' : 'Egress') ||
      (direction === 'ingress' && !types.includes('Egress'));
    return entries.length === 0 && isMeant
      ? [entryOf(policy, 'nobody', 'all')]
      : entries;
  };
  return {
    subject: [
      { key: `k8s:${POD_NAMESPACE}`, operator: 'In', values: [namespace] },
      ...readSelector(spec.podSelector, 'k8s'),
    ],
    entriesOf: remembering(read),
  };
}

function remembering(
  read: (direction: Direction) => Entry[],
): CiliumPolicy['entriesOf'] {
  const held: Partial<Record<Direction, Entry[]>> = {};
  return direction => (held[direction] ??= read(direction));
}

function entryOf(
  policy: ObjectRef,
  peers: Entry['peers'],
  ports: PortRules,
): Entry {
  return { policy, isDeny: false, deniesRest: true, peers, ports };
}

function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}
