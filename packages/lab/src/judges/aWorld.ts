import type { JudgedPod, JudgedPolicy, JudgedWorld } from './types.ts';

/** A world with the given pods and policies; namespaces are those that they name. */
export function aWorld(
  pods: JudgedPod[],
  policies: JudgedPolicy[] = [],
  changes: Partial<JudgedWorld> = {},
): JudgedWorld {
  const names = new Set(
    [
      'istio-system',
      ...pods.map(({ namespace }) => namespace),
      ...policies.map(({ metadata }) => metadata.namespace ?? 'istio-system'),
    ].sort(),
  );
  return {
    namespaces: [...names].map(name => ({ name, labels: {} })),
    pods,
    policies,
    trustDomain: 'lattice.test',
    rootNamespace: 'istio-system',
    clusterName: 'lab',
    ...changes,
  };
}

/** A pod whose labels, account and ambient flag are its name, its name and false unless changed. */
export function aPod(key: string, changes: Partial<JudgedPod> = {}): JudgedPod {
  const [namespace, name] = key.split('/');
  return {
    namespace,
    name,
    labels: { app: name },
    serviceAccount: name,
    ambient: false,
    ...changes,
  };
}

function anObject(
  apiVersion: string,
  kind: string,
  key: string,
  spec: object,
): JudgedPolicy {
  const [namespace, name] = key.split('/');
  return { apiVersion, kind, metadata: { namespace, name }, spec };
}

/** A CiliumNetworkPolicy `namespace/name` for the pods with this `app` label, or for all with the rest of a spec. */
export function aCiliumPolicy(
  key: string,
  app: string,
  spec: object,
): JudgedPolicy {
  return anObject('cilium.io/v2', 'CiliumNetworkPolicy', key, {
    endpointSelector: { matchLabels: { 'k8s:app': app } },
    ...spec,
  });
}

/** A Kubernetes NetworkPolicy `namespace/name`. */
export function aNetworkPolicy(key: string, spec: object): JudgedPolicy {
  return anObject('networking.k8s.io/v1', 'NetworkPolicy', key, spec);
}

/** An AuthorizationPolicy `namespace/name`. */
export function anAuthorizationPolicy(key: string, spec: object): JudgedPolicy {
  return anObject('security.istio.io/v1', 'AuthorizationPolicy', key, spec);
}

/** A PeerAuthentication `namespace/name`. */
export function aPeerAuthentication(key: string, spec: object): JudgedPolicy {
  return anObject('security.istio.io/v1', 'PeerAuthentication', key, spec);
}
