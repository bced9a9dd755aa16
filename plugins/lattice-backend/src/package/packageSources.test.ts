import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { FakeCache } from '../clusters/FakeCache';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection, ResourceKind } from '../clusters/types';
import { packageSources } from './packageSources';

function aPackage(key: string, spec: object = {}, uid = key): KubernetesObject {
  const [namespace, name] = key.split('/');
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { namespace, name, uid, generation: 1 },
    spec: spec as KubernetesObject['spec'],
  };
}

const PACKAGES = [
  aPackage('data/redis'),
  aPackage('data/web', { dependsOn: [{ name: 'redis' }] }),
  aPackage('shop/web', { dependsOn: [{ name: 'redis', namespace: 'data' }] }),
  aPackage('platform/agent', { targetNamespace: 'data' }),
];

/** Which packages a change of an object of another kind concerns. */
function concerned(
  kind: ResourceKind,
  metadata: Partial<KubernetesObject['metadata']>,
): string[] {
  const caches = new Map<string, FakeCache>();
  const cache = (one: ResourceKind) => {
    const known = caches.get(one.plural) ?? new FakeCache(one);
    caches.set(one.plural, known);
    return known;
  };
  const connection = { cache } as unknown as ClusterConnection;
  const sources = packageSources(connection);
  PACKAGES.forEach(it => cache(KINDS.LatticePackage).put(it));
  const source = sources.find(it => it.cache.kind.plural === kind.plural)!;
  const after = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name: 'x', ...metadata },
  };
  return [...source.keysOf({ after })].sort();
}

describe('packageSources', () => {
  it('looks at a package and at those that depend on it', () => {
    const key = { namespace: 'data', name: 'redis' };
    expect(concerned(KINDS.LatticePackage, key)).toEqual([
      'data/redis',
      'data/web',
      'shop/web',
    ]);
  });

  it('looks at those that live in a changed namespace or release into it', () => {
    expect(concerned(KINDS.Namespace, { name: 'data' })).toEqual([
      'data/redis',
      'data/web',
      'platform/agent',
    ]);
  });

  it('looks at the release that a workload belongs to, by its namespace too', () => {
    const of = (namespace: string, name: string) =>
      concerned(KINDS.Deployment, {
        annotations: {
          'meta.helm.sh/release-name': name,
          'meta.helm.sh/release-namespace': namespace,
        },
      });
    expect(of('data', 'agent')).toEqual(['platform/agent']);
    expect(of('data', 'web')).toEqual(['data/web']);
    expect(of('platform', 'agent')).toEqual([]);
  });

  it('looks at the owner of an ExternalSecret', () => {
    const labels = { 'portal.lattice.dev/owner-uid': 'shop/web' };
    expect(concerned(KINDS.ExternalSecret, { labels })).toEqual(['shop/web']);
    expect(concerned(KINDS.ExternalSecret, {})).toEqual([]);
  });

  it('looks at what releases into the namespace of a member', () => {
    expect(concerned(KINDS.LatticeMeshMember, { namespace: 'data' })).toEqual([
      'data/redis',
      'data/web',
      'platform/agent',
    ]);
  });
});
