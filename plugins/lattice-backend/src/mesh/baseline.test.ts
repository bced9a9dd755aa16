import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { atWork, chapter, CHAPTER_REDIS, key } from './__testUtils__/atWork';
import { aMemberManifest, aPodManifest } from './__testUtils__/manifests';

type World = ReturnType<typeof atWork>;

const AT = { namespace: 'data', name: 'lattice-baseline' };
const BASELINE_KINDS = [
  KINDS.CiliumNetworkPolicy,
  KINDS.AuthorizationPolicy,
  KINDS.PeerAuthentication,
];

function aNamespace(name: string, isAsking = true): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: isAsking ? { 'portal.lattice.dev/baseline': 'enabled' } : {},
    },
  };
}

const baselineOf = ({ cluster }: World, namespace = 'data') =>
  BASELINE_KINDS.flatMap(kind => cluster.get(kind, { ...AT, namespace }) ?? []);

describe('the baseline of a namespace', () => {
  it('stands before the first policy of a member, and denies what no policy allows', async () => {
    const world = atWork();
    world.cluster.put(aNamespace('data'));
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    const writes = world.cluster.writes.filter(one => one.startsWith('create'));
    const own = writes.findIndex(one => !one.endsWith(AT.name));
    expect(writes.slice(0, own)).toHaveLength(3);
    const [network, mesh, authentication] = baselineOf(world);
    expect(network.spec).toMatchObject({
      endpointSelector: {},
      ingress: [{}, { fromCIDR: expect.arrayContaining(['169.254.7.127/32']) }],
      egress: [{}, { toEndpoints: [expect.anything()] }],
    });
    expect(mesh.spec).toEqual({ action: 'ALLOW' });
    expect(authentication.spec).toEqual({ mtls: { mode: 'STRICT' } });
  });

  it('is made for nobody who does not ask', async () => {
    const world = atWork();
    world.cluster.put(aNamespace('data', false));
    for (const name of ['istio-system', 'kube-system'])
      world.cluster.put(aNamespace(name));
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(baselineOf(world)).toEqual([]);
    // There it would be about the whole mesh.
    expect(baselineOf(world, 'istio-system')).toEqual([]);
    expect(baselineOf(world, 'kube-system')).toEqual([]);
  });

  it('is put right when somebody changes or deletes it', async () => {
    const world = atWork();
    world.cluster.put(aNamespace('data'));
    await world.settle();
    const before = baselineOf(world).map(({ spec }) => spec);
    const [network] = baselineOf(world);
    world.cluster.put({
      ...network,
      spec: { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] },
    });
    world.cluster.remove(KINDS.AuthorizationPolicy, AT);
    await world.settle();
    expect(baselineOf(world).map(({ spec }) => spec)).toEqual(before);
  });

  it('goes when it is not asked for any more, but not before the last pod that has nothing else', async () => {
    const world = await chapter();
    world.cluster.put(aNamespace('data'));
    world.cluster.put(aPodManifest('data/other-0', { app: 'other' }));
    await world.settle();
    world.cluster.put(aNamespace('data', false));
    await world.settle();
    expect(baselineOf(world)).toHaveLength(3);
    world.cluster.remove(KINDS.Pod, key('data/other-0'));
    await world.settle();
    expect(baselineOf(world)).toEqual([]);
    expect(world.cilium('data/redis')).toBeDefined();
  });

  it('lets a deleted member go at once, as its pods stay denied', async () => {
    const world = await chapter();
    world.cluster.put(aNamespace('data'));
    await world.settle();
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(world.member('data/redis')).toBeUndefined();
    expect(world.cilium('data/redis')).toBeUndefined();
    expect(baselineOf(world)).toHaveLength(3);
  });

  it('keeps a deleted member’s policies where its own have been refused', async () => {
    const world = await chapter();
    world.cluster.refusals.set('create CiliumNetworkPolicy', 'Forbidden');
    world.cluster.put(aNamespace('data'));
    await world.settle();
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(world.cilium('data/redis')).toBeDefined();
  });

  it('is never written over an object of somebody else, and members are protected all the same', async () => {
    const world = atWork();
    const foreign: KubernetesObject = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: AT,
      spec: { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] },
    };
    world.cluster.put(foreign);
    world.cluster.put(aNamespace('data'));
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(world.cluster.get(KINDS.CiliumNetworkPolicy, AT)!.spec).toEqual(
      foreign.spec,
    );
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });
});
