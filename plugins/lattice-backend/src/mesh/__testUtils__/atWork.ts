import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_PROFILE,
  KubernetesObject,
  ObjectKey,
  policyName,
  readMemberStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FakeClock } from '../../clusters/FakeClock';
import { KINDS } from '../../clusters/kinds';
import { createMeshController } from '../createMeshController';
import { FakeCluster } from './FakeCluster';
import { aMemberManifest, aPodManifest, aServiceManifest } from './manifests';

/** Definitions of everything that the mesh reads. */
export const ALL_DEFINITIONS = [
  'latticemeshmembers.lattice.dev',
  'latticeservices.lattice.dev',
  'ciliumnetworkpolicies.cilium.io',
  'authorizationpolicies.security.istio.io',
  'peerauthentications.security.istio.io',
];
/** The chapter's member. */
export const CHAPTER_REDIS = {
  target: { selector: { app: 'redis' } },
  ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
  allowedCallers: [
    { name: 'checkout', namespace: 'commerce' },
    { name: 'inventory', namespace: 'commerce' },
  ],
  dependencies: [],
};

/** `namespace/name` as a key. */
export function key(text: string): ObjectKey {
  const [namespace, name] = text.split('/');
  return { namespace, name };
}

const stops: Array<() => Promise<void>> = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

/** A cluster on which our controller is at work; it stops with the test. */
export function atWork(
  options: {
    services?: 'own' | 'foreign';
    definitions?: string[];
    cluster?: FakeCluster;
  } = {},
) {
  const cluster =
    options.cluster ?? new FakeCluster(options.definitions ?? ALL_DEFINITIONS);
  const clock = new FakeClock();
  const controller = createMeshController({
    connection: cluster,
    leadership: { isLeader: () => true, onChange: () => () => undefined },
    profile: DEFAULT_PROFILE,
    latticeServices: options.services ?? 'own',
    logger: mockServices.logger.mock(),
    now: () => new Date(clock.now()),
    clock,
  });
  controller.start();
  stops.push(() => controller.stop());
  const policy = (
    kind: 'CiliumNetworkPolicy' | 'AuthorizationPolicy',
    of: string,
  ) =>
    cluster.get(KINDS[kind], {
      namespace: key(of).namespace,
      name: policyName(key(of)),
    });
  return {
    cluster,
    stop: () => controller.stop(),
    /** Lets the controller work until nothing changes any more. */
    async settle(ms = 3_000) {
      for (let step = 0; step < ms / 100; step++) await clock.advance(100);
    },
    cilium: (of: string) => policy('CiliumNetworkPolicy', of),
    authorization: (of: string) => policy('AuthorizationPolicy', of),
    member: (of: string) => cluster.get(KINDS.LatticeMeshMember, key(of)),
    status(
      of: string,
      kind: 'LatticeMeshMember' | 'LatticeService' = 'LatticeMeshMember',
    ) {
      return readMemberStatus(cluster.get(KINDS[kind], key(of))?.status);
    },
    condition(
      of: string,
      type: string,
      kind?: 'LatticeMeshMember' | 'LatticeService',
    ) {
      return this.status(of, kind).conditions.find(one => one.type === type);
    },
    edges(of: string, kind?: 'LatticeMeshMember' | 'LatticeService') {
      return this.status(of, kind).edges.map(
        ({ direction, peer, state }) =>
          `${direction} ${peer.namespace}/${peer.name} ${state}`,
      );
    },
  };
}

/** The rules of a policy as text. */
export const json = (object: KubernetesObject | undefined) =>
  JSON.stringify(object?.spec ?? null);

/** The chapter's cast: redis, and two services that depend on it. */
export async function chapter(options: Parameters<typeof atWork>[0] = {}) {
  const world = atWork(options);
  world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
  for (const name of ['checkout', 'inventory'])
    world.cluster.put(
      aServiceManifest(`commerce/${name}`, { outbound: ['data/redis'] }),
    );
  world.cluster.put(aPodManifest('data/redis-0', { app: 'redis' }));
  await world.settle();
  return world;
}
