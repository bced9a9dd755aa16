import { LatticeMember } from '../api/memberModel';
import { JsonObject, KubernetesObject } from '../api/object';
import { AgreedPeers } from './agreedPeers';
import { ClusterProfile, DEFAULT_API_SERVER_ENTITIES } from './ClusterProfile';
import { externalPeers, hasNamedEgress } from './egressRules';
import { targetLabels } from './memberTarget';
import { NetworkPort, openPorts, portMode, sortPorts } from './openPorts';
import { kubernetesLabels, peerSelector, podSelector } from './peerSelector';
import { memberPolicyMetadata, writeEdges } from './policyIdentity';

const MAX_PORTS_PER_ITEM = 40;
const NO_EDGES = writeEdges([]);

/**
 * The one CiliumNetworkPolicy of a member. Both lists begin with the deny rule; every other rule has one kind of
 * peer, and ports.
 */
export function compileCiliumPolicy(
  member: LatticeMember,
  peers: AgreedPeers,
  profile: ClusterProfile,
): KubernetesObject {
  return ciliumPolicy(member, peers.edges, {
    ingress: ingressRules(member, peers, profile),
    egress: egressRules(member, peers, profile),
  });
}

/** The same object with the deny rules alone. */
export function compileCiliumDenyOnly(member: LatticeMember): KubernetesObject {
  return ciliumPolicy(member, NO_EDGES, { ingress: [], egress: [] });
}

function ciliumPolicy(
  member: LatticeMember,
  edges: string,
  rules: { ingress: JsonObject[]; egress: JsonObject[] },
): KubernetesObject {
  const labels = targetLabels(member.spec.target);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: memberPolicyMetadata(member, edges),
    spec: {
      endpointSelector: labels ? { matchLabels: kubernetesLabels(labels) } : {},
      // An empty rule switches default-deny on for its direction and allows nothing; an empty list does neither.
      ingress: [{}, ...rules.ingress],
      egress: [{}, ...rules.egress],
    },
  };
}

function ingressRules(
  member: LatticeMember,
  peers: AgreedPeers,
  profile: ClusterProfile,
): JsonObject[] {
  const callers = member.spec.allowPeerTraffic
    ? [...peers.callers, member]
    : peers.callers;
  return [
    ...peerRules('fromEndpoints', callers, profile, caller =>
      openPorts(caller, member, profile),
    ),
    ...webhookRules(member, profile),
  ];
}

function webhookRules(
  member: LatticeMember,
  { apiServerEntities = DEFAULT_API_SERVER_ENTITIES }: ClusterProfile,
): JsonObject[] {
  const ports = member.spec.ports.filter(
    port => portMode(member, port) === 'Webhook',
  );
  // Nobody, not anybody: engines read a list without entries as if it were not there.
  if (ports.length === 0 || apiServerEntities.length === 0) return [];
  return rule({ fromEntities: [...apiServerEntities].sort() }, ports);
}

function egressRules(
  member: LatticeMember,
  peers: AgreedPeers,
  profile: ClusterProfile,
): JsonObject[] {
  const callees = member.spec.allowPeerTraffic
    ? [...peers.callees, member]
    : peers.callees;
  return [
    ...dnsRules(profile, hasNamedEgress(member)),
    ...peerRules('toEndpoints', callees, profile, callee =>
      openPorts(member, callee, profile),
    ),
    ...externalPeers(member).flatMap(({ peer, ports }) => rule(peer, ports)),
  ];
}

function peerRules(
  field: 'fromEndpoints' | 'toEndpoints',
  peers: readonly LatticeMember[],
  profile: ClusterProfile,
  portsOf: (peer: LatticeMember) => NetworkPort[],
): JsonObject[] {
  const rules: JsonObject[] = [];
  for (const peer of peers) {
    const ports = portsOf(peer);
    if (ports.length === 0) continue;
    rules.push({
      [field]: [peerSelector(peer, profile)],
      toPorts: portItems(ports, false),
    });
  }
  return rules;
}

/** No ports, no rule: a rule without ports would open all of them. */
function rule(
  peer: JsonObject,
  ports: readonly NetworkPort[],
  isDnsProxied = false,
): JsonObject[] {
  return ports.length === 0
    ? []
    : [{ ...peer, toPorts: portItems(ports, isDnsProxied) }];
}

function portItems(
  ports: readonly NetworkPort[],
  isDnsProxied: boolean,
): JsonObject[] {
  const sorted = sortPorts(ports);
  const items: JsonObject[] = [];
  for (let start = 0; start < sorted.length; start += MAX_PORTS_PER_ITEM) {
    const item: JsonObject = {
      ports: sorted
        .slice(start, start + MAX_PORTS_PER_ITEM)
        .map(({ port, protocol }) => ({ port: String(port), protocol })),
    };
    if (isDnsProxied) item.rules = { dns: [{ matchPattern: '*' }] };
    items.push(item);
  }
  return items;
}

/** DNS is the one thing that every member may reach. Names are resolved on the same way by which pods resolve them. */
function dnsRules(profile: ClusterProfile, isNamedEgress: boolean) {
  const { namespace, labels, entities = [] } = profile.dns;
  const ports = profile.dns.ports.flatMap(port => [
    { port, protocol: 'TCP' as const },
    { port, protocol: 'UDP' as const },
  ]);
  const pods = { toEndpoints: [podSelector(namespace, labels, profile)] };
  const nodes =
    entities.length > 0 ? [{ toEntities: [...entities].sort() }] : [];
  return [pods, ...nodes].flatMap(peer => rule(peer, ports, isNamedEgress));
}
