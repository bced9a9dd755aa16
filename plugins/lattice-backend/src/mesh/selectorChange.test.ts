import {
  KubernetesObject,
  lintPolicy,
  readMemberStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { atWork, chapter, CHAPTER_REDIS, key } from './__testUtils__/atWork';
import {
  aMemberManifest,
  aPodManifest,
  aServiceManifest,
} from './__testUtils__/manifests';
import { policySelects } from './podSelection';

type World = ReturnType<typeof atWork>;

const ANYWHERE = { toEntities: ['all'] };
const NOBODY = { matchLabels: { 'k8s:app': 'nobody' } };
const OLD_POD = 'data/redis-0';

/** Policies of a kind that select a pod, whoever they belong to. */
function guards(
  { cluster }: World,
  kind: 'CiliumNetworkPolicy' | 'AuthorizationPolicy',
  pod: string,
): KubernetesObject[] {
  const selected = cluster.get(KINDS.Pod, key(pod))!;
  return cluster
    .all(KINDS[kind])
    .filter(policy => policySelects(policy, selected));
}

/** Whether a pod is closed to everything, both on the network and in the mesh. */
function isDenied(world: World, pod: string): boolean {
  const network = guards(world, 'CiliumNetworkPolicy', pod);
  const mesh = guards(world, 'AuthorizationPolicy', pod);
  const allowsNothing = ({ spec }: KubernetesObject) => {
    const { ingress, egress, rules } = spec as Record<string, unknown>;
    return rules === undefined && [ingress, egress].every(isEmptyRule);
  };
  return (
    network.length > 0 &&
    mesh.length > 0 &&
    [...network, ...mesh].every(allowsNothing)
  );
}

function isEmptyRule(rules: unknown): boolean {
  return rules === undefined || JSON.stringify(rules) === '[{}]';
}

/** Notes every moment at which a pod is left to nobody's policy. */
function watchGuards(world: World, pod: string): string[] {
  const unguarded: string[] = [];
  world.cluster.onWrite = () => {
    if (!world.cluster.get(KINDS.Pod, key(pod))) return;
    for (const kind of ['CiliumNetworkPolicy', 'AuthorizationPolicy'] as const)
      if (guards(world, kind, pod).length === 0)
        unguarded.push(`${kind} after ${world.cluster.writes.at(-1)}`);
  };
  return unguarded;
}

function reselect(world: World, selector: Record<string, string>): void {
  world.cluster.put({
    ...world.member('data/redis')!,
    spec: { ...CHAPTER_REDIS, target: { selector } },
  });
}

const names = (world: World) =>
  world.cluster
    .all(KINDS.CiliumNetworkPolicy)
    .filter(({ metadata }) => metadata.namespace === 'data')
    .map(({ metadata }) => metadata.name);

describe('pods that a member selects no longer', () => {
  it('stay denied at every moment and until the last of them is gone', async () => {
    const world = await chapter();
    const unguarded = watchGuards(world, OLD_POD);
    reselect(world, { app: 'redis-next' });
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(isDenied(world, OLD_POD)).toBe(true);
    expect(world.cilium('data/redis')!.spec).toMatchObject({
      endpointSelector: { matchLabels: { 'k8s:app': 'redis-next' } },
    });
    expect(world.condition('data/redis', 'PoliciesApplied')).toMatchObject({
      status: 'True',
      message: expect.stringContaining('former'),
    });

    world.cluster.remove(KINDS.Pod, key(OLD_POD));
    await world.settle();
    expect(names(world)).toEqual([world.cilium('data/redis')!.metadata.name]);
    expect(
      world.condition('data/redis', 'PoliciesApplied')!.message,
    ).not.toContain('former');
  });

  it('do not count as pods that the member has found', async () => {
    const world = await chapter();
    reselect(world, { app: 'redis-next' });
    await world.settle();
    expect(world.condition('data/redis', 'TargetsFound')).toMatchObject({
      status: 'False',
      reason: 'NoPods',
    });
  });

  it('stay denied when the member changes once more, and is deleted at last', async () => {
    const world = await chapter();
    const unguarded = watchGuards(world, OLD_POD);
    reselect(world, { app: 'redis-next' });
    await world.settle();
    reselect(world, { app: 'redis-third' });
    await world.settle();
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(isDenied(world, OLD_POD)).toBe(true);
    expect(unguarded).toEqual([]);
    expect(world.member('data/redis')).toBeDefined();

    world.cluster.remove(KINDS.Pod, key(OLD_POD));
    await world.settle();
    expect(names(world)).toEqual([]);
    expect(world.member('data/redis')).toBeUndefined();
  });

  it('stay denied when selector and member go before anything was written', async () => {
    const world = await chapter();
    const unguarded = watchGuards(world, OLD_POD);
    reselect(world, { app: 'redis-next' });
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(isDenied(world, OLD_POD)).toBe(true);
  });

  it('stay denied when a service with other labels takes the key over', async () => {
    const world = await chapter();
    const unguarded = watchGuards(world, OLD_POD);
    world.cluster.put(aServiceManifest('data/redis', { port: 6379 }));
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(world.member('data/redis')).toBeUndefined();
    expect(isDenied(world, OLD_POD)).toBe(true);
  });

  it('stay denied when a member of the whole namespace takes to labels', async () => {
    const world = atWork();
    world.cluster.put(
      aMemberManifest('data/redis', {
        ...CHAPTER_REDIS,
        target: { namespace: 'data' },
      }),
    );
    world.cluster.put(aPodManifest('data/other-0', { app: 'other' }));
    await world.settle();
    const unguarded = watchGuards(world, 'data/other-0');
    reselect(world, { app: 'redis' });
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(isDenied(world, 'data/other-0')).toBe(true);
  });

  it('are let go to a member that has taken them over', async () => {
    const world = await chapter();
    const unguarded = watchGuards(world, OLD_POD);
    world.cluster.put(
      aMemberManifest('data/heir', {
        ...CHAPTER_REDIS,
        serviceAccount: 'heir',
      }),
    );
    await world.settle();
    reselect(world, { app: 'redis-next' });
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(names(world).sort()).toEqual(
      ['data/heir', 'data/redis']
        .map(one => world.cilium(one)!.metadata.name)
        .sort(),
    );
  });

  it('are selected again without a trace of the change', async () => {
    const world = await chapter();
    const before = world.cilium('data/redis')!.spec;
    reselect(world, { app: 'redis-next' });
    await world.settle();
    reselect(world, { app: 'redis' });
    await world.settle();
    expect(names(world)).toEqual([world.cilium('data/redis')!.metadata.name]);
    expect(world.cilium('data/redis')!.spec).toEqual(before);
    expect(
      readMemberStatus(world.member('data/redis')!.status).appliedResources,
    ).toHaveLength(2);
  });

  it('stay denied when the change is found only after a start', async () => {
    const before = await chapter();
    await before.stop();
    reselect(before, { app: 'redis-next' });
    const world = atWork({ cluster: before.cluster });
    const unguarded = watchGuards(world, OLD_POD);
    await world.settle();
    expect(unguarded).toEqual([]);
    expect(isDenied(world, OLD_POD)).toBe(true);
  });

  it.each<[string, (spec: Record<string, unknown>) => void]>([
    ['a rule for everybody', spec => void (spec.egress = [{}, ANYWHERE])],
    ['another selector', spec => void (spec.endpointSelector = NOBODY)],
  ])('lose %s that somebody adds to their policy', async (_, change) => {
    const world = await chapter();
    reselect(world, { app: 'redis-next' });
    await world.settle();
    const [edited] = guards(world, 'CiliumNetworkPolicy', OLD_POD);
    const spec = structuredClone(edited.spec) as Record<string, unknown>;
    change(spec);
    world.cluster.put({ ...edited, spec });
    await world.settle();
    expect(isDenied(world, OLD_POD)).toBe(true);
    const written = guards(world, 'CiliumNetworkPolicy', OLD_POD).map(
      ({ status: _status, ...policy }) => policy,
    );
    expect(written.flatMap(lintPolicy)).toEqual([]);
  });

  it('keep the policy that they have, closed, when the name of theirs is taken', async () => {
    const first = await chapter();
    reselect(first, { app: 'redis-next' });
    await first.settle();
    const [made] = guards(first, 'CiliumNetworkPolicy', OLD_POD);
    const world = await chapter();
    const foreign = {
      ...made,
      metadata: { name: made.metadata.name, namespace: 'data' },
      spec: { endpointSelector: NOBODY },
    };
    world.cluster.put(foreign);
    reselect(world, { app: 'redis-next' });
    await world.settle();
    expect(isDenied(world, OLD_POD)).toBe(true);
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ForeignObject',
    });
    expect(
      world.cluster.get(KINDS.CiliumNetworkPolicy, foreign.metadata)!.spec,
    ).toEqual(foreign.spec);
  });

  it('come to rest: another look at everything writes nothing', async () => {
    const world = await chapter();
    reselect(world, { app: 'redis-next' });
    await world.settle();
    const before = world.cluster.writes.length;
    await world.settle(20 * 60_000);
    expect(world.cluster.writes.slice(before)).toEqual([]);
  }, 20_000);
});

describe('a selector that somebody has changed on the policy itself', () => {
  it('closes nobody else: what it selected by mistake is let go', async () => {
    const world = await chapter();
    world.cluster.put(aPodManifest('data/other-0', { app: 'other' }));
    await world.settle();
    const edited = world.cilium('data/redis')!;
    world.cluster.put({
      ...edited,
      spec: { ...(edited.spec as object), endpointSelector: {} },
    });
    await world.settle();
    expect(guards(world, 'CiliumNetworkPolicy', 'data/other-0')).toEqual([]);
    expect(guards(world, 'CiliumNetworkPolicy', OLD_POD)).toHaveLength(1);
  });
});
