import { mockServices } from '@backstage/backend-test-utils';
import { ClusterSupplier } from '@lattice-portal/backstage-plugin-lattice-node';
import { addSuppliedClusters } from './addSuppliedClusters';
import { ClusterConfig } from './clusters/ClusterConfig';

const EU = {
  name: 'eu',
  url: 'https://eu.example.com',
  token: async () => 'hush',
};

async function add(...suppliers: ClusterSupplier[]) {
  const added: ClusterConfig[] = [];
  const logger = mockServices.logger.mock();
  await addSuppliedClusters({
    clusters: {
      add: config => {
        if (added.some(({ name }) => name === config.name)) {
          throw new Error(`there is a cluster ${config.name} already`);
        }
        added.push(config);
      },
    },
    suppliers,
    logger,
    timeLimitMs: 20,
  });
  return { added, errors: logger.error.mock.calls.map(([text]) => text) };
}

describe('addSuppliedClusters', () => {
  it('observes what a module supplies, with a token that is asked for anew', async () => {
    const { added } = await add({
      id: 'inventory',
      clusters: async () => [EU],
    });
    expect(added).toEqual([
      {
        name: 'eu',
        mode: 'observe',
        source: 'inventory',
        endpoint: { url: EU.url, caData: undefined, token: EU.token },
      },
    ]);
  });

  it.each<[string, ClusterSupplier['clusters'], RegExp]>([
    [
      'fails',
      async () => {
        throw new Error('no database');
      },
      /clusters of bad are not known: no database/,
    ],
    ['never answers', () => new Promise(() => {}), /no answer within/],
  ])('goes on with the others when one %s', async (_, clusters, expected) => {
    const { added, errors } = await add(
      { id: 'bad', clusters },
      { id: 'good', clusters: async () => [EU] },
    );
    expect(added.map(({ name }) => name)).toEqual(['eu']);
    expect(errors).toEqual([expect.stringMatching(expected)]);
  });

  it('says which cluster is not used, and why', async () => {
    const { added, errors } = await add(
      { id: 'one', clusters: async () => [EU] },
      { id: 'two', clusters: async () => [EU, { ...EU, name: 'US 1' }] },
    );
    expect(errors).toEqual([
      'A cluster of two is not used: there is a cluster eu already',
    ]);
    expect(added[1]).toMatchObject({
      name: 'US 1',
      problem: expect.stringContaining('must consist of lower-case letters'),
    });
  });
});
