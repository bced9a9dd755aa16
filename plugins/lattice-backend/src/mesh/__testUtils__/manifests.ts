import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

type Json = Record<string, unknown>;

function split(key: string) {
  const [namespace, name] = key.split('/');
  return { namespace, name };
}

/** A LatticeMeshMember as people write it, agreeing to nothing unless said otherwise. */
export function aMemberManifest(
  key: string,
  spec: Json = {},
): KubernetesObject {
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: split(key),
    spec: { target: { selector: { app: split(key).name } }, ...spec },
  };
}

/** A LatticeService that names whom it calls and by whom it is called. */
export function aServiceManifest(
  key: string,
  peers: { outbound?: string[]; inbound?: string[]; port?: number } = {},
): KubernetesObject {
  const resource = (peer: string, direction: string) => [
    split(peer).name,
    { type: 'service', direction, namespace: split(peer).namespace },
  ];
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: split(key),
    spec: {
      workload: {
        resources: Object.fromEntries([
          ...(peers.outbound ?? []).map(peer => resource(peer, 'outbound')),
          ...(peers.inbound ?? []).map(peer => resource(peer, 'inbound')),
        ]),
        ...(peers.port
          ? { service: { ports: { main: { port: peers.port } } } }
          : {}),
      },
    },
  };
}

/** A running pod. */
export function aPodManifest(
  key: string,
  labels: Record<string, string>,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...split(key), labels },
    status: { phase: 'Running' },
  };
}
