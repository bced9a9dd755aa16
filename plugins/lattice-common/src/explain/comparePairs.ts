import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { ClusterProfile } from '../policies/ClusterProfile';
import { externalPeers } from '../policies/egressRules';
import { findMemberProblem } from '../policies/memberTarget';
import { NetworkPort, portMode } from '../policies/openPorts';
import { withExternals } from '../policies/withExternals';
import { findAllowance, findDependency } from './declares';
import { usablePorts } from './usablePorts';

/** Ports of one pair that open or close. */
export interface PairChange {
  readonly caller: ObjectKey;
  readonly callee: ObjectKey;
  /** Of the callee's pods; never the tunnel's. */
  readonly ports: readonly NetworkPort[];
  /** Neither side names the other: a wildcard has grown or shrunk over them. */
  readonly isWildcard: boolean;
}

/** Ports towards or from a place outside that open or close. */
export interface OutsideChange {
  readonly key: ObjectKey;
  readonly direction: 'in' | 'out';
  /** `entity:world`, `cidr:10.0.0.0/8`, `fqdn:api.example.com`; `api-server` for Webhook ports. */
  readonly place: string;
  readonly ports: readonly NetworkPort[];
}

/** What a change of declarations does to traffic. */
export interface PairComparison {
  readonly opened: readonly PairChange[];
  readonly closed: readonly PairChange[];
  readonly outsideOpened: readonly OutsideChange[];
  readonly outsideClosed: readonly OutsideChange[];
  /** Namespaces with a side of any of these, sorted. */
  readonly namespaces: readonly string[];
}

type Pairs = Map<string, PairChange>;
type Outsides = Map<string, OutsideChange>;

/**
 * Which pairs open and close between two graphs. Only pairs that touch a changed key can, so that with these given the
 * rest of the fleet is not looked at; without them every key of either graph is. The changed keys are those that
 * `AgreementGraph.set` and `remove` return.
 */
export function comparePairs(
  before: AgreementGraph,
  after: AgreementGraph,
  options: {
    readonly profile: ClusterProfile;
    readonly changed?: readonly ObjectKey[];
  },
): PairComparison {
  const { profile } = options;
  const changed = options.changed ?? everyKey(before, after);
  const pairs = [before, after].map(graph => pairsOf(graph, changed, profile));
  const outsides = [before, after].map(graph => outsidesOf(graph, changed));
  const opened = added(pairs[0], pairs[1]);
  const closed = added(pairs[1], pairs[0]);
  const outsideOpened = added(outsides[0], outsides[1]);
  const outsideClosed = added(outsides[1], outsides[0]);
  const namespaces = [
    ...[...opened, ...closed].flatMap(({ caller, callee }) => [
      caller.namespace,
      callee.namespace,
    ]),
    ...[...outsideOpened, ...outsideClosed].map(({ key }) => key.namespace),
  ];
  return {
    opened,
    closed,
    outsideOpened,
    outsideClosed,
    namespaces: [...new Set(namespaces)].sort(),
  };
}

function everyKey(before: AgreementGraph, after: AgreementGraph): ObjectKey[] {
  const keys = [...before.keys(), ...after.keys()];
  return [...new Map(keys.map(key => [formatKey(key), key])).values()];
}

/** What the second map has beyond the first, port by port, sorted. */
function added<T extends { readonly ports: readonly NetworkPort[] }>(
  from: ReadonlyMap<string, T>,
  to: ReadonlyMap<string, T>,
): T[] {
  return [...to.keys()].sort().flatMap(id => {
    const next = to.get(id) as T;
    const held = from.get(id)?.ports ?? [];
    const ports = next.ports.filter(
      port =>
        !held.some(
          one => one.port === port.port && one.protocol === port.protocol,
        ),
    );
    return ports.length > 0 ? [{ ...next, ports }] : [];
  });
}

function pairsOf(
  graph: AgreementGraph,
  keys: readonly ObjectKey[],
  profile: ClusterProfile,
): Pairs {
  const pairs: Pairs = new Map();
  const note = (caller: LatticeMember, callee: LatticeMember) => {
    const id = `${formatKey(caller.metadata)} ${formatKey(callee.metadata)}`;
    if (pairs.has(id)) return;
    if (
      findMemberProblem(caller, profile) ||
      findMemberProblem(callee, profile)
    )
      return;
    pairs.set(id, describePair(caller, callee, profile));
  };
  for (const key of keys) {
    const member = graph.get(key);
    if (!member) continue;
    for (const callee of graph.agreedCallees(key)) note(member, callee);
    for (const caller of graph.agreedCallers(key)) note(caller, member);
    if (member.spec.allowPeerTraffic) note(member, member);
  }
  return pairs;
}

function describePair(
  caller: LatticeMember,
  callee: LatticeMember,
  profile: ClusterProfile,
): PairChange {
  const isSelf = formatKey(caller.metadata) === formatKey(callee.metadata);
  const named =
    findDependency(caller, callee.metadata)?.how === 'name' ||
    findAllowance(callee, caller.metadata)?.how === 'name';
  return {
    caller: keyOf(caller),
    callee: keyOf(callee),
    ports: usablePorts(caller, callee, profile).map(networkPort),
    isWildcard: !isSelf && !named,
  };
}

function outsidesOf(
  graph: AgreementGraph,
  keys: readonly ObjectKey[],
): Outsides {
  const outsides: Outsides = new Map();
  const note = (change: OutsideChange) => {
    const { key, direction, place } = change;
    outsides.set(`${formatKey(key)} ${direction} ${place}`, change);
  };
  for (const key of keys) {
    const member = graph.get(key);
    if (!member || findMemberProblem(member)) continue;
    const webhooks = member.spec.ports.filter(
      port => portMode(member, port) === 'Webhook',
    );
    if (webhooks.length > 0)
      note({
        key: keyOf(member),
        direction: 'in',
        place: 'api-server',
        ports: webhooks.map(networkPort),
      });
    for (const { peer, ports } of externalPeers(withExternals(graph, member)))
      note({
        key: keyOf(member),
        direction: 'out',
        place: placeOf(peer),
        ports,
      });
  }
  return outsides;
}

function placeOf(peer: Readonly<Record<string, unknown>>): string {
  const [[field, [target]]] = Object.entries(peer) as [string, unknown[]][];
  const kinds: Record<string, string> = {
    toEntities: 'entity',
    toCIDR: 'cidr',
    toFQDNs: 'fqdn',
  };
  const name =
    typeof target === 'string'
      ? target
      : Object.values(target as Record<string, string>)[0];
  return `${kinds[field]}:${name}`;
}

function keyOf({ metadata }: LatticeMember): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name };
}

function networkPort({ port, protocol }: NetworkPort): NetworkPort {
  return { port, protocol };
}
