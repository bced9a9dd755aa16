import { entityEnvelopeSchemaValidator } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import {
  EntityProviderConnection,
  EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import {
  ClusterResult,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { LatticeEntityProvider } from './LatticeEntityProvider';

const REDIS: PackageSummary = {
  cluster: 'lab',
  namespace: 'data',
  name: 'redis',
  chart: 'redis',
  repository: 'oci://registry.example.com/charts',
  version: '18.4.0',
  phase: 'Ready',
  owner: 'group:default/data',
  suspended: false,
};

async function refreshed(
  packages: PackageSummary[],
  cluster: Partial<ClusterResult> = {},
) {
  const mutations: EntityProviderMutation[] = [];
  const asked: unknown[] = [];
  const connection: EntityProviderConnection = {
    applyMutation: async mutation => {
      mutations.push(mutation);
    },
    refresh: async () => undefined,
  };
  const provider = new LatticeEntityProvider({
    cluster: 'lab',
    namespace: 'lattice',
    defaultOwner: 'unknown',
    lattice: {
      listPackages: async (query, options) => {
        asked.push([query, options?.token]);
        return {
          items: packages,
          clusters: [
            {
              cluster: 'lab',
              mode: 'reconcile',
              complete: true,
              revision: 1,
              ...cluster,
            },
          ],
        };
      },
    },
    getToken: async () => 'service-token',
    schedule: { run: async task => task.fn(new AbortController().signal) },
    logger: mockServices.logger.mock(),
  });
  await provider.connect(connection);
  return { mutations, asked, provider };
}

function entitiesOf(mutations: EntityProviderMutation[]) {
  return mutations.flatMap(mutation =>
    mutation.type === 'full'
      ? mutation.entities.map(({ entity }) => entity)
      : [],
  );
}

describe('LatticeEntityProvider', () => {
  it('makes a valid resource of each package, owned by the owner of its namespace', async () => {
    const { mutations, asked, provider } = await refreshed([REDIS]);
    expect(provider.getProviderName()).toBe('LatticeEntityProvider:lab');
    expect(asked).toEqual([[{ cluster: 'lab' }, 'service-token']]);
    const [entity] = entitiesOf(mutations);
    expect(entityEnvelopeSchemaValidator()(entity)).toEqual(entity);
    expect(entity).toMatchObject({
      kind: 'Resource',
      metadata: {
        namespace: 'lattice',
        name: 'lab.data.redis',
        annotations: { 'lattice.dev/package': 'lab/data/redis' },
      },
      spec: { type: 'lattice-package', owner: 'group:default/data' },
    });
  });

  it('cuts long names and keeps them apart', async () => {
    const long = (name: string) => ({
      ...REDIS,
      namespace: 'n'.repeat(50),
      name,
      owner: undefined,
    });
    const { mutations } = await refreshed([
      long('redis-main'),
      long('redis-spare'),
    ]);
    const entities = entitiesOf(mutations);
    const names = entities.map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(2);
    expect(Math.max(...names.map(name => name.length))).toBeLessThanOrEqual(63);
    expect(entities[0].spec?.owner).toBe('unknown');
  });

  it('empties the catalog when a complete answer is empty', async () => {
    const { mutations } = await refreshed([]);
    expect(mutations).toEqual([{ type: 'full', entities: [] }]);
  });

  it('changes nothing while the answer is not complete', async () => {
    const partial = await refreshed([REDIS], { complete: false });
    expect(partial.mutations).toEqual([]);
    const unknown = await refreshed([], { cluster: 'other' });
    expect(unknown.mutations).toEqual([]);
  });
});
