import {
  ClusterProfile,
  isOurPolicy,
  KubernetesObject,
  LABEL_MANAGED_BY,
  MANAGED_BY_LATTICE,
  PORTAL_PREFIX,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** On a Namespace, with the value `enabled`: everything in it is denied that no other policy allows. */
export const LABEL_BASELINE = `${PORTAL_PREFIX}baseline`;
/** Name of the baseline's objects. */
export const BASELINE_NAME = 'lattice-baseline';
/** From where kubelet's probes reach captured pods, IPv4 and IPv6. */
export const PROBE_ADDRESSES: readonly string[] = [
  '169.254.7.127/32',
  'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128',
];

const ENABLED = 'enabled';

/** Whether an object is part of a baseline of ours. One of the same name without our label is somebody else's. */
export function isBaseline({ metadata, ...rest }: KubernetesObject): boolean {
  return (
    metadata.name === BASELINE_NAME &&
    metadata.labels?.[LABEL_MANAGED_BY] === MANAGED_BY_LATTICE &&
    !isOurPolicy({ metadata, ...rest })
  );
}

/**
 * Whether a namespace asks for a baseline and may have one. In Istio's root namespace its policies would be about the
 * whole mesh.
 */
export function wantsBaseline(
  namespace: KubernetesObject | undefined,
  { rootNamespace }: ClusterProfile,
): boolean {
  return (
    namespace?.metadata.labels?.[LABEL_BASELINE] === ENABLED &&
    namespace.metadata.deletionTimestamp === undefined &&
    namespace.metadata.name !== rootNamespace
  );
}

/** The objects that deny, for every pod of a namespace, whatever no other policy allows. */
export function compileBaseline(
  namespace: string,
  profile: ClusterProfile,
): KubernetesObject[] {
  const { cilium, istio } = profile.engines;
  return [
    ...(cilium ? [networkBaseline(namespace, profile)] : []),
    ...(istio ? meshBaseline(namespace) : []),
  ];
}

function networkBaseline(
  namespace: string,
  { clusterName, dns }: ClusterProfile,
): KubernetesObject {
  const resolvers = {
    matchLabels: {
      ...Object.fromEntries(
        Object.entries(dns.labels).map(([key, value]) => [`k8s:${key}`, value]),
      ),
      'k8s:io.cilium.k8s.policy.cluster': clusterName,
      'k8s:io.kubernetes.pod.namespace': dns.namespace,
    },
  };
  const ports = dns.ports.flatMap(port =>
    ['TCP', 'UDP'].map(protocol => ({ port: String(port), protocol })),
  );
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: metadataIn(namespace),
    spec: {
      endpointSelector: {},
      // An empty rule switches default-deny on for its direction and allows nothing.
      ingress: [{}, { fromCIDR: [...PROBE_ADDRESSES] }],
      egress: [{}, { toEndpoints: [resolvers], toPorts: [{ ports }] }],
    },
  };
}

function meshBaseline(namespace: string): KubernetesObject[] {
  const apiVersion = 'security.istio.io/v1';
  const metadata = metadataIn(namespace);
  return [
    // Without rules it allows nothing, and without a selector it is about the whole namespace.
    {
      apiVersion,
      kind: 'AuthorizationPolicy',
      metadata,
      spec: { action: 'ALLOW' },
    },
    {
      apiVersion,
      kind: 'PeerAuthentication',
      metadata,
      spec: { mtls: { mode: 'STRICT' } },
    },
  ];
}

function metadataIn(namespace: string): KubernetesObject['metadata'] {
  return {
    name: BASELINE_NAME,
    namespace,
    labels: {
      [LABEL_MANAGED_BY]: MANAGED_BY_LATTICE,
      [LABEL_BASELINE]: ENABLED,
    },
  };
}
