import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';
import { departed } from './departed';
import { randomWorld, withManifests } from './randomWorld';
import { World } from './types';

/** How the member and the service of one key differ. */
export interface HandOver {
  readonly name: string;
  readonly member: Record<string, unknown>;
  readonly service: Record<string, unknown>;
  readonly pod: Pick<JudgedPod, 'labels' | 'serviceAccount' | 'ambient'>;
}

const KEY = { namespace: 'data', name: 'redis' };
const SERVICE_LABELS = { 'app.kubernetes.io/name': 'redis' };

const SERVICE = {
  workload: {
    resources: {
      web: { type: 'service', direction: 'inbound', namespace: 'shop' },
      ledger: { type: 'service', direction: 'outbound' },
    },
    service: {
      ports: { redis: { port: 6379 }, log: { port: 514, protocol: 'UDP' } },
    },
  },
};

const MEMBER = {
  target: { selector: SERVICE_LABELS },
  ports: [
    { port: 6379, name: 'redis' },
    { port: 514, name: 'log', protocol: 'UDP' },
  ],
  allowedCallers: ['shop/web'],
  dependencies: ['ledger'],
};

const POD = {
  labels: { ...SERVICE_LABELS, app: 'redis' },
  serviceAccount: 'redis',
  ambient: true,
};

/** The ways in which the two may say the same, or not quite the same. */
export const HAND_OVERS: readonly HandOver[] = [
  { name: 'both say the same', member: MEMBER, service: SERVICE, pod: POD },
  {
    name: 'the member lets more in, and out',
    member: {
      ...MEMBER,
      ports: [
        ...MEMBER.ports,
        { port: 9443, name: 'hook', peerAuth: 'Webhook' },
      ],
      allowedCallers: ['shop/web', 'shop/batch', 'ledger'],
      dependencies: ['ledger', 'shop/web'],
      allowPeerTraffic: true,
    },
    service: SERVICE,
    pod: POD,
  },
  {
    name: 'they select the pods by different labels',
    member: { ...MEMBER, target: { selector: { app: 'redis' } } },
    service: SERVICE,
    pod: POD,
  },
  {
    name: 'the member names another account',
    member: { ...MEMBER, serviceAccount: 'cache' },
    service: SERVICE,
    pod: POD,
  },
  {
    name: 'the member is outside the mesh',
    member: { ...MEMBER, ambient: false },
    service: SERVICE,
    pod: POD,
  },
  {
    name: 'the member stands for the whole namespace',
    member: { ...MEMBER, target: { namespace: 'data' } },
    service: SERVICE,
    pod: POD,
  },
];

function member(key: string, spec: Record<string, unknown>): KubernetesObject {
  const [namespace, name] = key.split('/');
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { namespace, name, uid: `uid-${name}`, generation: 1 },
    spec: { target: { selector: { app: name } }, ...spec },
  };
}

const NEIGHBOURS: readonly KubernetesObject[] = [
  member('shop/web', {
    ports: [{ port: 80, name: 'http' }],
    dependencies: ['data/redis'],
    allowedCallers: ['data/redis'],
  }),
  member('shop/batch', { ambient: false, dependencies: ['data/redis'] }),
  member('data/ledger', {
    ports: [{ port: 80, name: 'http' }],
    dependencies: ['redis'],
    allowedCallers: ['redis'],
  }),
];

/** Which of the two declarations exist. */
export interface Declared {
  readonly member: boolean;
  readonly service: boolean;
}

const STEPS = Number(process.env.LATTICE_STEPS ?? 3);
const NOTHING: Declared = { member: false, service: false };

/** Every order in which the two can come and go in a few steps, from nothing on. */
export function handOverOrders(): Declared[][] {
  const walk = (path: Declared[]): Declared[][] => {
    if (path.length > STEPS) return [path];
    const last = path[path.length - 1];
    return [
      ...walk([...path, { ...last, member: !last.member }]),
      ...walk([...path, { ...last, service: !last.service }]),
    ];
  };
  return walk([NOTHING]);
}

/** The worlds that one order leads through. */
export function handOverWorlds(
  handOver: HandOver,
  order: readonly Declared[],
): World[] {
  const worlds: World[] = [];
  for (const declared of order) {
    const after = worldOf(handOver, declared);
    const before = worlds.at(-1);
    worlds.push(
      before ? { ...after, departed: departed(before, after) } : after,
    );
  }
  return worlds;
}

/** An order as people would say it. */
export function describeOrder(order: readonly Declared[]): string {
  return order.map(nameOf).join(' > ');
}

function worldOf(handOver: HandOver, declared: Declared): World {
  const { namespace, name } = KEY;
  const redis = member(`${namespace}/${name}`, handOver.member);
  const service = { ...redis, kind: 'LatticeService', spec: handOver.service };
  const { profile, externals } = randomWorld(1);
  const pod = (key: string, changes: Partial<JudgedPod> = {}): JudgedPod => {
    const [home, app] = key.split('/');
    return {
      namespace: home,
      name: `${app}-0`,
      labels: { app },
      serviceAccount: app,
      ambient: true,
      ...changes,
    };
  };
  return withManifests(
    {
      seed: 0,
      profile,
      externals,
      manifests: [],
      declared: [],
      foreign: [],
      namespaces: ['data', 'shop'].map(one => ({ name: one, labels: {} })),
      pods: [
        pod('data/redis', handOver.pod),
        pod('data/redis', { ...handOver.pod, name: 'redis-1' }),
        pod('data/ledger'),
        pod('data/stranger'),
        pod('shop/web'),
        pod('shop/batch', { ambient: false }),
      ],
    },
    [
      ...NEIGHBOURS,
      ...(declared.member ? [redis] : []),
      ...(declared.service ? [service] : []),
    ],
  );
}

function nameOf({ member: isMember, service }: Declared): string {
  const names = [
    ...(isMember ? ['member'] : []),
    ...(service ? ['service'] : []),
  ];
  return names.join('+') || 'nothing';
}
