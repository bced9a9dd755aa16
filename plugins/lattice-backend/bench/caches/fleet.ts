import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../../src/clusters/kinds';
import { ResourceKind } from '../../src/clusters/types';

/** What the simulated cluster serves. */
export const SERVED: readonly ResourceKind[] = [
  KINDS.LatticePackage,
  KINDS.LatticeMeshMember,
  KINDS.Namespace,
  KINDS.Pod,
];

/** Path of a kind's collection on an API server. */
export function collectionOf({ apiVersion, plural }: ResourceKind): string {
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  return `/${root}/${apiVersion}/${plural}`;
}

/** One package, about as large as they are with a full status. */
export function aPackage(index: number): KubernetesObject {
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: 'Succeeded',
    message: 'redis 18.4.0 is running (revision 1).',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration: 1,
  });
  return {
    apiVersion: KINDS.LatticePackage.apiVersion,
    kind: 'LatticePackage',
    metadata: {
      namespace: `team-${index % 100}`,
      name: `redis-${index}`,
      generation: 1,
      labels: { 'app.kubernetes.io/managed-by': 'argocd' },
      managedFields: [{ manager: 'argocd', operation: 'Apply' }],
    },
    spec: {
      chart: {
        repository: 'oci://registry.example.com/charts',
        name: 'redis',
        version: '18.4.0',
      },
      values: { architecture: 'replication', auth: { enabled: true } },
      resources: { redis: { type: 'secret', params: { keys: ['password'] } } },
    },
    status: {
      observedGeneration: 1,
      phase: 'Ready',
      conditions: ['Ready', 'Released', 'Healthy', 'Authorized'].map(condition),
      release: { name: `redis-${index}`, namespace: 'data', revision: 1 },
    },
  };
}

/** One pod as an API server sends it; most of it is not kept. */
export function aPod(index: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: `team-${index % 100}`,
      name: `redis-${index}-0`,
      labels: {
        'app.kubernetes.io/name': 'redis',
        'app.kubernetes.io/instance': `redis-${index}`,
        'controller-revision-hash': `redis-${index}-5d8f`,
      },
      managedFields: [{ manager: 'kubelet', operation: 'Update' }],
    },
    spec: {
      serviceAccountName: `redis-${index}`,
      nodeName: `node-${index % 50}`,
      containers: [
        {
          name: 'redis',
          image: 'registry.example.com/redis:7.2',
          ports: [{ name: 'redis', containerPort: 6379 }],
          env: Array.from({ length: 12 }, (_, at) => ({
            name: `SETTING_${at}`,
            value: `value ${at}`,
          })),
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', emptyDir: {} }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: ['Ready', 'Initialized', 'PodScheduled'].map(type => ({
        type,
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      })),
    },
  };
}
