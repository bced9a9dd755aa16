import { LatticeMember } from '../api/memberModel';
import { JsonObject, KubernetesObject } from '../api/object';
import { AgreedPeers } from './agreedPeers';
import { ClusterProfile, DEFAULT_API_SERVER_ENTITIES } from './ClusterProfile';
import { externalPeers, hasNamedEgress } from './egressRules';
import { targetLabels } from './memberTarget';
import { NetworkPort, openPorts, portMode, sortPorts } from './openPorts';
import { policyMetadata } from './policyIdentity';

const MAX_PORTS_PER_ITEM = 40;
const LABEL_POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const LABEL_CLUSTER = 'k8s:io.cilium.k8s.policy.cluster';
const LABEL_SERVICE_ACCOUNT = 'k8s:io.cilium.k8s.policy.serviceaccount';

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
  return ciliumPolicy(member, [], { ingress: [], egress: [] });
}

function ciliumPolicy(
  member: LatticeMember,
  edges: readonly string[],
  rules: { ingress: JsonObject[]; egress: JsonObject[] },
): KubernetesObject {
  const { metadata, spec } = member;
  const labels = targetLabels(spec.target);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: policyMetadata(metadata, metadata.uid, edges),
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
    ...rule(
      {
        fromEntities: [
          ...(profile.apiServerEntities ?? DEFAULT_API_SERVER_ENTITIES),
        ].sort(),
      },
      webhookPorts(member),
    ),
  ];
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
    ...dnsRule(profile, hasNamedEgress(member)),
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
  return peers.flatMap(peer =>
    rule({ [field]: [peerSelector(peer, profile)] }, portsOf(peer)),
  );
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
  const sorted = sortPorts(ports).map(({ port, protocol }) => ({
    port: String(port),
    protocol,
  }));
  const items: JsonObject[] = [];
  for (let start = 0; start < sorted.length; start += MAX_PORTS_PER_ITEM) {
    items.push({
      ports: sorted.slice(start, start + MAX_PORTS_PER_ITEM),
      ...(isDnsProxied ? { rules: { dns: [{ matchPattern: '*' }] } } : {}),
    });
  }
  return items;
}

function dnsRule(profile: ClusterProfile, isNamedEgress: boolean) {
  const { namespace, labels, ports } = profile.dns;
  return rule(
    { toEndpoints: [selectorIn(namespace, labels, profile)] },
    ports.flatMap(port => [
      { port, protocol: 'TCP' as const },
      { port, protocol: 'UDP' as const },
    ]),
    isNamedEgress,
  );
}

function peerSelector(peer: LatticeMember, profile: ClusterProfile) {
  const { name, namespace } = peer.metadata;
  const { target, ambient, serviceAccount } = peer.spec;
  const labels = targetLabels(target) ?? {};
  const isStated = !ambient && serviceAccount !== name;
  return selectorIn(
    namespace,
    labels,
    profile,
    isStated ? { [LABEL_SERVICE_ACCOUNT]: serviceAccount } : {},
  );
}

/** Namespace and cluster always stand in a peer selector and always win over a user's label. */
function selectorIn(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  profile: ClusterProfile,
  extra: Record<string, string> = {},
): JsonObject {
  return {
    matchLabels: sortKeys({
      ...kubernetesLabels(labels),
      ...extra,
      [LABEL_POD_NAMESPACE]: namespace,
      [LABEL_CLUSTER]: profile.clusterName,
    }),
  };
}

function kubernetesLabels(
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return sortKeys(
    Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value]),
    ),
  );
}

function sortKeys(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(labels)
      .sort()
      .map(key => [key, labels[key]]),
  );
}

function webhookPorts(member: LatticeMember): NetworkPort[] {
  return member.spec.ports
    .filter(port => portMode(member, port) === 'Webhook')
    .map(({ port, protocol }) => ({ port, protocol }));
}
