import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** A namespace, owned by a group unless `owner` is empty. */
export function aNamespace(name: string, owner?: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      annotations: owner ? { 'lattice.dev/owner': owner } : {},
    },
  };
}

/** The redis package of the demo, in the short form, with whatever is changed. */
export function aPackage(
  changes: {
    name?: string;
    namespace?: string;
    labels?: Record<string, string>;
    generation?: number;
    spec?: object;
    status?: object;
  } = {},
): KubernetesObject {
  const { name = 'redis', namespace = 'data', labels, generation } = changes;
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      generation: generation ?? 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(labels && { labels }),
    },
    spec: {
      chart: {
        repo: 'oci://registry.example.com/charts',
        name: 'redis',
        version: '18.4.0',
      },
      values: { auth: { password: '${resources.redis.auth-token}' } },
      resources: {
        redis: { type: 'secret', params: { keys: ['auth-token'] } },
      },
      ...changes.spec,
    },
    ...(changes.status && { status: changes.status }),
  };
}

/** A condition of a status. */
export function aCondition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason = 'Because',
  message = `${type} is ${status}`,
): object {
  return {
    type,
    status,
    reason,
    message,
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration: 1,
  };
}

/** The redis member of the demo, with whatever is changed. */
export function aMember(
  changes: {
    name?: string;
    namespace?: string;
    generation?: number;
    spec?: object;
    status?: object;
  } = {},
): KubernetesObject {
  const { name = 'redis', namespace = 'data', generation } = changes;
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      generation: generation ?? 1,
    },
    spec: {
      target: { selector: { app: 'redis' } },
      ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
      allowedCallers: [
        { name: 'checkout', namespace: 'commerce' },
        { name: 'inventory', namespace: 'commerce' },
      ],
      dependencies: [],
      ...changes.spec,
    },
    ...(changes.status && { status: changes.status }),
  };
}

/** A service that wants redis unless told otherwise. */
export function aService(
  name: string,
  resources: object = {
    redis: { type: 'service', namespace: 'data', direction: 'outbound' },
  },
): KubernetesObject {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: {
      name,
      namespace: 'commerce',
      uid: `uid-${name}`,
      generation: 1,
    },
    spec: {
      workload: { resources, service: { ports: { http: { port: 8080 } } } },
    },
  };
}
