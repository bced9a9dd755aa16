import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { readLatticeConfig } from './readLatticeConfig';

function read(lattice?: JsonObject) {
  return readLatticeConfig(new ConfigReader(lattice ? { lattice } : {}));
}

const LAB = { name: 'lab', kubeconfig: '/state/kubeconfig' };

describe('readLatticeConfig', () => {
  it('is content with nothing at all, and then allows nothing', () => {
    expect(read()).toMatchObject({
      clusters: [],
      charts: { allowedRepositories: [], mirrors: [] },
      cedar: { namespace: 'lattice-system', policies: [] },
      admission: {
        allowedRepositories: [],
        protectedNamespaces: expect.arrayContaining(['kube-system']),
      },
    });
  });

  it('only observes a cluster that does not say otherwise', () => {
    expect(read({ clusters: [LAB] }).clusters).toEqual([
      expect.objectContaining({
        name: 'lab',
        mode: 'observe',
        actions: 'disabled',
        latticeServices: 'foreign',
        source: 'lattice.clusters[0]',
        profile: expect.objectContaining({ trustDomain: 'cluster.local' }),
      }),
    ]);
  });

  it('keeps the other defaults of a profile when one key is set', () => {
    const [cluster] = read({
      clusters: [{ ...LAB, profile: { engines: { istio: false } } }],
    }).clusters;
    expect(cluster.profile.engines).toEqual({ cilium: true, istio: false });
    expect(cluster.profile.dns.namespace).toBe('kube-system');
  });

  it('gives policies without an id the path of their key', () => {
    const { policies } = read({
      cedar: { policies: ['permit(principal, action, resource);'] },
    }).cedar;
    expect(policies[0].id).toBe('lattice.cedar.policies[0]');
  });

  it('tells which keys do nothing yet', () => {
    expect(read({ webhook: { port: 9443 } }).keysWithoutEffect).toEqual([
      'lattice.webhook',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'a misspelt key',
      { clusters: [{ ...LAB, mdoe: 'reconcile' }] },
      'lattice.clusters[0].mdoe: unknown key',
    ],
    ['a misspelt section', { cluster: [] }, 'lattice.cluster: unknown key'],
    [
      'a mode that does not exist',
      { clusters: [{ ...LAB, mode: 'write' }] },
      'lattice.clusters[0].mode',
    ],
    [
      'a cluster that says not how it is reached',
      { clusters: [{ name: 'lab' }] },
      'lattice.clusters[0]: set kubeconfig (a path), inCluster: true or url',
    ],
    [
      'a cluster that says so twice',
      { clusters: [{ ...LAB, inCluster: true }] },
      'lattice.clusters[0]: set only one of kubeconfig',
    ],
    [
      'a bare address',
      { clusters: [{ name: 'lab', url: 'https://lab.example.com' }] },
      'lattice.clusters[0]: a cluster given by url needs auth.read',
    ],
    [
      'a credential of two kinds',
      {
        clusters: [
          { ...LAB, auth: { reconcile: { token: 'a', tokenFile: 'b' } } },
        ],
      },
      'lattice.clusters[0].auth.reconcile: set exactly one of',
    ],
    [
      'two clusters of one name',
      { clusters: [LAB, LAB] },
      'lattice.clusters[1].name: "lab" is the name of another cluster as well',
    ],
    [
      'a name that cannot stand in a URL',
      { clusters: [{ ...LAB, name: 'lab/eu' }] },
      'lattice.clusters[0].name',
    ],
  ])('refuses %s and names the key', (_, lattice, expected) => {
    expect(() => read(lattice)).toThrow(expected);
  });

  it('names keys but never values', () => {
    expect(() => read({ secrets: { pasword: 'hunter2' } })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2'),
      }),
    );
  });
});
