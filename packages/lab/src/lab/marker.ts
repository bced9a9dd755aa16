import type { KubernetesObject } from '../cluster/KubernetesClient.ts';

/** Namespace that is in every cluster of the lab from the start. */
export const SYSTEM_NAMESPACE = 'lattice-system';

/** The ConfigMap that only clusters started by the lab have; its `data.id` is the lab's id. */
export const MARKER = {
  namespace: 'kube-system',
  name: 'lattice-lab',
} as const;

/** Path of the marker in the API. */
export const MARKER_PATH = `/api/v1/namespaces/${MARKER.namespace}/configmaps/${MARKER.name}`;

/** The marker object of a lab. */
export function markerObject(id: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...MARKER },
    data: { id },
  };
}
