import { isRecord } from '../../api/json';
import { KubernetesObject } from '../../api/object';
import { CiliumIdentity, identitiesOf, POD_NAMESPACE } from './ciliumIdentity';
import {
  PeerTest,
  readNetworkPolicyPeer,
  readPeers,
  RuleScope,
} from './ciliumPeers';
import {
  matchesPorts,
  PortRules,
  readCiliumPorts,
  readNetworkPolicyPorts,
} from './ciliumPorts';
import { readSelector, Requirement, selectsIdentity } from './ciliumSelector';
import { findCiliumRefusal, specsOf } from './ciliumValidity';
import { allOf, refOf, uniqueRefs } from './match';
import { isFilled, record, records, strings } from './readSpec';
import {
  Decision,
  EngineContext,
  Flow,
  FlowEnd,
  isPod,
  Match,
  ObjectRef,
} from './types';

export type Direction = 'ingress' | 'egress';

/** One rule of one policy, about one direction. */
interface Entry {
  readonly policy: ObjectRef;
  readonly isDeny: boolean;
  readonly deniesRest: boolean;
  readonly peers: PeerTest | 'nobody';
  readonly ports: PortRules;
}

/** A policy that Cilium has read. */
export interface CiliumPolicy {
  readonly subject: readonly Requirement[];
  readonly entries: Readonly<Record<Direction, readonly Entry[]>>;
}

const CILIUM_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
const LOCAL_NODE = 'reserved:host';

/** Whether Cilium reads objects of this kind as policies. */
export function isCiliumPolicy({ kind, apiVersion }: KubernetesObject) {
  return (
    CILIUM_KINDS.includes(kind) ||
    (kind === 'NetworkPolicy' && apiVersion.startsWith('networking.k8s.io/'))
  );
}

/** Reads a policy; none for what Cilium refuses, as it then drops the object. */
export function readCiliumPolicy(
  object: KubernetesObject,
  clusterName: string,
): CiliumPolicy[] {
  if (object.kind === 'NetworkPolicy')
    return [readNetworkPolicy(object, clusterName)];
  if (findCiliumRefusal(object)) return [];
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
    records(spec[isDeny ? `${direction}Deny` : direction]).flatMap(rule =>
      readEntry(rule, direction, scope, {
        policy,
        isDeny,
        deniesRest: deniesRest(direction),
      }),
    );
  return {
    subject: readSubject(record(spec.endpointSelector), scope.namespace),
    entries: {
      ingress: [...read('ingress', false), ...read('ingress', true)],
      egress: [...read('egress', false), ...read('egress', true)],
    },
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
    entries: { ingress: read('ingress'), egress: read('egress') },
  };
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

/**
 * What Cilium decides on one side of a connection, on the port that the traffic really uses. All policies add up;
 * a denial wins over every allowance.
 */
export function decideCilium(
  policies: readonly CiliumPolicy[],
  direction: Direction,
  flow: Flow,
  context: EngineContext,
): Decision {
  const [subject, peer] =
    direction === 'ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
  if (!isPod(subject) || subject.hostNetwork)
    return { ruling: 'allow', reason: 'notEnforced', by: [] };
  const [identity] = identitiesOf(subject, context);
  const about = policies.map(policy => ({
    entries: policy.entries[direction],
    match: selectsIdentity(policy.subject, identity),
  }));
  const sure = about.filter(({ match }) => match === true);
  const possible = about.filter(({ match }) => match !== false);
  const decide = (some: typeof about) =>
    decidePeers(
      some.flatMap(({ entries }) => entries),
      direction,
      peer,
      { flow, context },
    );
  const decision = decide(sure);
  if (possible.length === sure.length) return decision;
  const unsure = possible.find(({ match }) => typeof match === 'object')?.match;
  return decideAlike(
    [decision, decide(possible)],
    typeof unsure === 'object' ? unsure.unsure : '',
  );
}

function decidePeers(
  entries: readonly Entry[],
  direction: Direction,
  peer: FlowEnd,
  { flow, context }: { flow: Flow; context: EngineContext },
): Decision {
  if (entries.length === 0)
    return { ruling: 'allow', reason: 'notSelected', by: [] };
  const decisions = identitiesOf(peer, context).map(one =>
    decideEntries(entries, direction, one, flow),
  );
  return decideAlike(decisions, 'whether both pods run on one node');
}

/** The same whichever holds, or unknown. */
function decideAlike(decisions: readonly Decision[], unsure: string): Decision {
  return decisions.every(({ ruling }) => ruling === decisions[0].ruling)
    ? decisions[0]
    : notUnderstood(unsure, decisions);
}

function decideEntries(
  entries: readonly Entry[],
  direction: Direction,
  peer: CiliumIdentity,
  flow: Flow,
): Decision {
  const matched = (isDeny: boolean) =>
    outcome(
      entries.filter(entry => entry.isDeny === isDeny),
      entry => matchesEntry(entry, peer, flow),
    );
  const denied = matched(true);
  if (denied.match === true)
    return { ruling: 'deny', reason: 'denied', by: denied.by };
  const allowed = decideAllowance(entries, matched(false), direction, peer);
  return denied.match === false || allowed.ruling === 'deny'
    ? allowed
    : notUnderstood(denied.match.unsure, [allowed]);
}

function decideAllowance(
  entries: readonly Entry[],
  allowed: { match: Match; by: ObjectRef[] },
  direction: Direction,
  peer: CiliumIdentity,
): Decision {
  if (allowed.match === true)
    return { ruling: 'allow', reason: 'allowed', by: allowed.by };
  const about = uniqueRefs(entries.map(({ policy }) => policy));
  if (entries.every(({ deniesRest }) => !deniesRest))
    return { ruling: 'allow', reason: 'defaultAllow', by: about };
  if (direction === 'ingress' && peer.labels.has(LOCAL_NODE))
    return { ruling: 'allow', reason: 'ownNode', by: [] };
  if (allowed.match !== false)
    return {
      ruling: 'unknown',
      reason: 'notUnderstood',
      by: about,
      unsure: allowed.match.unsure,
    };
  const denying = entries.filter(({ deniesRest }) => deniesRest);
  return {
    ruling: 'deny',
    reason: 'nothingAllows',
    by: uniqueRefs(denying.map(({ policy }) => policy)),
  };
}

function matchesEntry(
  { peers, ports }: Entry,
  peer: CiliumIdentity,
  flow: Flow,
): Match {
  return peers === 'nobody'
    ? false
    : allOf([() => peers(peer), () => matchesPorts(ports, flow)]);
}

function outcome(
  entries: readonly Entry[],
  test: (entry: Entry) => Match,
): { match: Match; by: ObjectRef[] } {
  const by: ObjectRef[] = [];
  let match: Match = false;
  for (const entry of entries) {
    const matched = test(entry);
    if (matched === true) by.push(entry.policy);
    else if (matched !== false) match = matched;
  }
  return by.length > 0 ? { match: true, by: uniqueRefs(by) } : { match, by };
}

function notUnderstood(
  unsure: string,
  decisions: readonly Decision[],
): Decision {
  return {
    ruling: 'unknown',
    reason: 'notUnderstood',
    by: uniqueRefs(decisions.flatMap(({ by }) => by)),
    unsure,
  };
}
