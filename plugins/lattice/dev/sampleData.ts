import { NotFoundError } from '@backstage/errors';
import {
  FleetKey,
  LatticeApi,
  MemberDetail,
  PackageDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  aCluster,
  aMember,
  aPackage,
  anEdge,
  stages,
} from '../src/__testUtils__/builders';

const packages: PackageDetail[] = [
  aPackage({
    stages: stages(),
  }),
  aPackage({
    name: 'vault',
    chart: 'vault',
    runningVersion: undefined,
    phase: 'Failed',
    message: 'Cedar does not permit data/vault to read secret/vault',
    revision: undefined,
    history: [],
    objects: [],
    members: [],
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'AccessDenied',
        message: 'Cedar does not permit data/vault to read secret/vault',
        lastTransitionTime: new Date(Date.now() - 60_000).toISOString(),
      },
    ],
    stages: stages({
      SecretsResolved: {
        state: 'failed',
        reason: 'AccessDenied',
        message:
          'Cedar does not permit package data/vault to read the key secret/vault. Ask the platform team for a permit.',
      },
      DependenciesReady: { state: 'pending' },
      Released: { state: 'failed', message: 'Nothing is installed yet' },
      Healthy: { state: 'pending' },
      MeshEnrolled: { state: 'pending' },
    }),
    secrets: [
      {
        resource: 'unseal',
        remoteKey: 'secret/vault',
        state: 'denied',
        message: 'No Cedar policy permits it',
      },
    ],
  }),
];

const members: MemberDetail[] = [
  aMember({
    enforcedEdges: 2,
    openEdges: 4,
    edges: [
      anEdge({ from: 'checkout' }),
      anEdge({ from: 'inventory' }),
      anEdge({
        from: 'reports',
        state: 'halfCaller',
        reason: 'redis does not list commerce/reports among its callers',
      }),
      anEdge({
        from: 'search',
        state: 'halfCallee',
        reason: 'commerce/search does not declare the dependency',
      }),
      anEdge({
        to: 'metrics',
        state: 'agreed',
        reason: 'Policies of the far side are not applied yet',
      }),
      anEdge({
        to: 'legacy',
        state: 'refused',
        reason: 'A platform rule forbids calls into legacy',
      }),
    ],
  }),
];

const clusters = [
  aCluster(),
  aCluster({
    cluster: 'eu-1',
    mode: 'observe',
    complete: false,
    lastSeenAt: '2026-01-01T00:00:00Z',
    error: 'The API server does not answer: connection refused.',
  }),
];

function find<T extends FleetKey>(items: readonly T[], key: FleetKey): T {
  const item = items.find(
    ({ cluster, name, namespace }) =>
      cluster === key.cluster &&
      namespace === key.namespace &&
      name === key.name,
  );
  if (!item) throw new NotFoundError('Not found');
  return item;
}

/** Answers from the samples above. */
export const sampleApi: LatticeApi = {
  listPackages: async () => ({ items: packages, clusters }),
  getPackage: async key => ({
    item: find(packages, key),
    cluster: clusters[0],
  }),
  listMembers: async () => ({ items: members, clusters }),
  getMember: async key => ({ item: find(members, key), cluster: clusters[0] }),
  listClusters: async () => ({ items: clusters }),
};

/** Entities that carry our annotations. */
export const sampleEntities = ['redis', 'vault'].map(name => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name,
    annotations: {
      'lattice.dev/package': `lab/data/${name}`,
      'lattice.dev/member': `lab/data/${name}`,
    },
  },
  spec: { type: 'database', owner: 'group:default/data' },
}));
