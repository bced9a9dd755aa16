import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readLatticeConfig } from './readLatticeConfig';

const PROD = {
  name: 'prod',
  url: 'https://prod.example.com',
  authProvider: 'serviceAccount',
  serviceAccountToken: 'hush',
  caData: 'Q0E=',
};

function read(clusters: JsonObject[], lattice: JsonObject = {}) {
  return readLatticeConfig(
    new ConfigReader({
      lattice,
      kubernetes: {
        clusterLocatorMethods: [
          { type: 'catalog' },
          { type: 'config', clusters },
        ],
      },
    }),
  ).clusters;
}

describe('clusters of the app’s Kubernetes plugin', () => {
  it('are observed when lattice.clusters names none', () => {
    expect(read([PROD])).toEqual([
      expect.objectContaining({
        name: 'prod',
        mode: 'observe',
        actions: 'disabled',
        latticeServices: 'foreign',
        source: 'kubernetes.clusterLocatorMethods[1].clusters[0]',
        endpoint: expect.objectContaining({
          url: 'https://prod.example.com',
          token: 'hush',
          caData: 'Q0E=',
        }),
      }),
    ]);
  });

  it('stay out once lattice.clusters names one', () => {
    const lattice = { clusters: [{ name: 'lab', kubeconfig: '/lab' }] };
    expect(read([PROD], lattice).map(({ name }) => name)).toEqual(['lab']);
  });

  it('lend address and credential to the lattice.clusters entry of the same name', () => {
    const [cluster] = read([PROD], {
      clusters: [{ name: 'prod', mode: 'reconcile' }],
    });
    expect(cluster).toMatchObject({
      mode: 'reconcile',
      endpoint: { url: 'https://prod.example.com', token: 'hush' },
    });
  });

  it('without a token are the cluster that the app runs in', () => {
    const { serviceAccountToken: _token, ...inside } = PROD;
    expect(read([inside])[0]).toMatchObject({ inCluster: true });
  });

  it('are known by the key that upstream reads first, too', () => {
    const { authProvider: _one, serviceAccountToken: _two, ...rest } = PROD;
    const authMetadata = {
      'kubernetes.io/auth-provider': 'serviceAccount',
      serviceAccountToken: 'hush',
    };
    expect(read([{ ...rest, authMetadata }])[0]).toMatchObject({
      endpoint: { token: 'hush' },
    });
  });

  it.each(['google', 'oidc', 'aws'])(
    'that sign users in by %s keep their name and say what they lack',
    authProvider => {
      const [cluster] = read([{ ...PROD, authProvider }]);
      expect(cluster).toMatchObject({
        name: 'prod',
        problem: expect.stringMatching(
          `needs a controller credential.*"${authProvider}"`,
        ),
      });
    },
  );

  it('of such kind are usable with a credential of our own', () => {
    const [cluster] = read([{ ...PROD, authProvider: 'google' }], {
      clusters: [{ name: 'prod', auth: { read: { tokenFile: '/token' } } }],
    });
    expect(cluster.problem).toBeUndefined();
    expect(cluster.auth).toEqual({ read: { tokenFile: '/token' } });
  });

  it('whose name cannot stand in an address say so', () => {
    expect(read([{ ...PROD, name: 'Prod EU' }])[0].problem).toMatch(
      /its name must consist of lower-case letters/,
    );
  });
});
