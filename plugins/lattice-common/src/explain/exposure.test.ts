import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { formatKey } from '../api/object';
import { aPod, aPolicy, aWorldOf } from './__testUtils__/aWorld';
import { exposureOf } from './exposure';

const dependencies = [{ namespace: 'data', name: 'redis' }];
const redis = (changes = {}) =>
  aMember('data/redis', {
    ports: [aPort(6379), aPort(9443, { peerAuth: 'Webhook' })],
    allowedCallers: [
      { namespace: 'commerce', name: 'checkout' },
      { namespace: 'tools', name: '*' },
    ],
    ...changes,
  });
const callers = [
  aMember('commerce/checkout', { dependencies }),
  aMember('commerce/unallowed', { dependencies }),
  aMember('commerce/plain', { dependencies, ambient: false }),
  aMember('tools/all', { dependsAll: true, target: { namespace: 'tools' } }),
];

describe('who can reach a service', () => {
  it('are those that both sides declare, with where it is declared', () => {
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([redis(), ...callers]),
    );
    expect(exposure?.reachedBy).toEqual([
      {
        through: 'agreement',
        caller: aKey('commerce/checkout'),
        ports: [
          { port: 6379, protocol: 'TCP' },
          { port: 9443, protocol: 'TCP' },
        ],
        isWholeNamespace: false,
        isWildcard: false,
        isPlaintext: false,
        declaredIn: [
          { kind: 'LatticeMeshMember', ...aKey('commerce/checkout') },
          { kind: 'LatticeMeshMember', ...aKey('data/redis') },
        ],
        sentence:
          'commerce/checkout reaches 6379/TCP, 9443/TCP: it declares data/redis (spec.dependencies[0]), which allows it (spec.allowedCallers[0]).',
      },
      expect.objectContaining({
        caller: aKey('tools/all'),
        isWholeNamespace: true,
        isWildcard: true,
      }),
      expect.objectContaining({
        through: 'webhook',
        ports: [{ port: 9443, protocol: 'TCP' }],
      }),
    ]);
    expect(exposure?.warnings).toEqual([]);
  });

  it('are callers without identity only where a port takes plaintext', () => {
    const allowedCallers = [{ namespace: 'commerce', name: 'plain' }];
    const ports = [aPort(6379), aPort(80, { peerAuth: 'Permissive' })];
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([redis({ allowedCallers, ports }), ...callers]),
    );
    expect(exposure?.reachedBy).toEqual([
      expect.objectContaining({
        ports: [{ port: 80, protocol: 'TCP' }],
        isPlaintext: true,
      }),
    ]);
  });

  it('are its own pods when it says so, and callers of whoever selects the same pods', () => {
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([
        redis({ allowedCallers: [], allowPeerTraffic: true }),
        aMember('data/cache', {
          target: { selector: { app: 'redis' } },
          ports: [aPort(7000)],
          allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
        }),
        aMember('commerce/checkout', {
          dependencies: [{ namespace: 'data', name: 'cache' }],
        }),
      ]),
    );
    expect(exposure?.reachedBy.map(({ through }) => through)).toEqual([
      'peerTraffic',
      'webhook',
      'overlap',
    ]);
    expect(exposure?.warnings).toEqual([
      'data/cache selects the same pods: they get what either allows.',
    ]);
  });

  it('may be others by policies that are not ours', () => {
    const foreignPolicies = [
      aPolicy('NetworkPolicy', 'data/chart', {
        podSelector: { matchLabels: { app: 'redis' } },
        ingress: [{}],
      }),
      aPolicy('NetworkPolicy', 'data/other', {
        podSelector: { matchLabels: { app: 'other' } },
        ingress: [{}],
      }),
    ];
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([aMember('data/redis')], { foreignPolicies }),
    );
    expect(exposure?.reachedBy).toEqual([
      expect.objectContaining({
        through: 'foreignPolicy',
        declaredIn: [{ kind: 'NetworkPolicy', ...aKey('data/chart') }],
      }),
    ]);
  });

  it('are told up to a bound, and how many more there are', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      aMember(`commerce/caller-${index}`, { dependsAll: true }),
    );
    const world = aWorldOf([
      ...many,
      redis({ allowedCallers: [{ name: '*' }], ports: [aPort(1)] }),
    ]);
    const exposure = exposureOf(aKey('data/redis'), world, { limit: 10 });
    expect(exposure?.reachedBy).toHaveLength(10);
    expect(exposure?.more).toBe(20);
  });

  it('is not known of what nothing declares', () => {
    expect(exposureOf(aKey('data/redis'), aWorldOf([]))).toBeUndefined();
  });
});

describe('what is not protected', () => {
  it('is named', () => {
    const member = aMember('data/redis', {
      target: { selector: { 'pod-template-hash': 'x' } },
      ports: [aPort(514, { protocol: 'UDP' })],
      serviceAccount: 'shared',
    });
    const labels = { 'pod-template-hash': 'x' };
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([member, aMember('data/other', { serviceAccount: 'shared' })], {
        pods: [
          aPod('data/one', { labels, hostNetwork: true }),
          aPod('data/two', { labels, ambient: false }),
        ],
      }),
    );
    expect(exposure?.warnings).toEqual([
      'Cilium does not know the label pod-template-hash by default: the policy may select nothing.',
      'Pod one is on its node’s network: no policy protects it.',
      'Pod two is not enrolled in the mesh: nobody proves an identity to it.',
      '514/UDP is not carried by the mesh: labels alone say who may send.',
      'data/other runs as the same account: whoever allows one admits the other’s identity.',
    ]);
  });

  it('is where the service itself may go outside', () => {
    const egress = [
      {
        target: { entity: 'world' },
        ports: [443],
        protocol: 'TCP' as const,
      },
    ];
    const exposure = exposureOf(
      aKey('data/redis'),
      aWorldOf([aMember('data/redis', { egress })]),
    );
    expect(formatKey(exposure!.key)).toBe('data/redis');
    expect(exposure?.opensTo).toEqual([
      {
        peer: { toEntities: ['world'] },
        ports: [{ port: 443, protocol: 'TCP' }],
      },
    ]);
  });
});
