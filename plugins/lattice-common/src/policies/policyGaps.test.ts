import { LatticeMember, MemberSpec } from '../api/memberModel';
import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { aService } from '../graph/__testUtils__/aService';
import { ClusterProfile, DEFAULT_PROFILE } from './ClusterProfile';
import { compilePolicies } from './compilePolicies';
import { EGRESS_ENTITIES } from './egressRules';
import { lintPolicy } from './lintPolicy';
import { findPolicyGaps } from './policyGaps';
import { graphOf } from './__testUtils__/worlds';

function gapsOf(
  member: LatticeMember,
  others: LatticeMember[] = [],
  profile: ClusterProfile = DEFAULT_PROFILE,
) {
  return findPolicyGaps(graphOf([member, ...others]), member.metadata, profile);
}

function networkOf(
  key: string,
  members: LatticeMember[],
  profile: ClusterProfile = DEFAULT_PROFILE,
) {
  const objects = compilePolicies(graphOf(members), aKey(key), profile);
  expect(objects.flatMap(lintPolicy)).toEqual([]);
  return objects[0].spec as Record<'ingress' | 'egress', object[]>;
}

const redis = (spec: Partial<MemberSpec> = {}) =>
  aMember('data/redis', { ports: [aPort(6379)], ...spec });

/** Whatever is declared and not done must be said, or a user takes it for done. */
describe('what is declared and not done', () => {
  it.each([
    'all',
    'cluster',
    'health',
    'host',
    'ingress',
    'init',
    'none',
    'unmanaged',
    'anything-else',
  ])('says that egress to the entity %s opens nothing', entity => {
    const member = redis({
      egress: [{ target: { entity }, ports: [443], protocol: 'TCP' }],
    });
    expect(gapsOf(member)).toEqual([
      {
        reason: 'EgressIgnored',
        message: `spec.egress[0]: the entity ${entity} is not allowed in egress`,
      },
    ]);
    expect(networkOf('data/redis', [member]).egress).toHaveLength(2);
  });

  it.each(EGRESS_ENTITIES)(
    'says nothing of the entity %s, and opens it',
    one => {
      const member = redis({
        egress: [{ target: { entity: one }, ports: [443], protocol: 'TCP' }],
      });
      expect(gapsOf(member)).toEqual([]);
      expect(networkOf('data/redis', [member]).egress).toHaveLength(3);
    },
  );

  it('says that an egress rule without ports opens nothing', () => {
    const member = redis({
      egress: [
        { target: { fqdn: 'x.example.com' }, ports: [], protocol: 'TCP' },
      ],
    });
    expect(gapsOf(member)).toMatchObject([{ reason: 'EgressIgnored' }]);
  });

  it.each([
    'pod-template-hash',
    'controller-revision-hash',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
    'batch.kubernetes.io/job-completion-index',
    'topology.kubernetes.io/zone',
    'node.beta.kubernetes.io/instance-type',
  ])('says that a selector by %s selects nothing in Cilium', label => {
    const member = redis({
      target: { selector: { app: 'redis', [label]: 'x' } },
    });
    expect(gapsOf(member)).toMatchObject([
      { reason: 'SelectorIgnored', message: expect.stringContaining(label) },
    ]);
  });

  it('knows the labels that a cluster leaves out besides', () => {
    const member = redis({
      target: { selector: { 'team.example.com/x': 'y' } },
    });
    const profile = {
      ...DEFAULT_PROFILE,
      ignoredLabels: ['team.example.com/'],
    };
    expect(gapsOf(member)).toEqual([]);
    expect(gapsOf(member, [], profile)).toMatchObject([
      { reason: 'SelectorIgnored' },
    ]);
  });

  it('says that a whole namespace has no modes per port', () => {
    const member = redis({
      target: { namespace: 'data' },
      ports: [aPort(6379), aPort(9402, { peerAuth: 'Permissive' })],
    });
    expect(gapsOf(member)).toMatchObject([{ reason: 'ModeIgnored' }]);
  });

  it('says each thing once, however many wildcards stand behind it', () => {
    const callers = Array.from({ length: 50 }, (_, index) =>
      aMember(`plain/c${index}`, { ambient: false, dependsAll: true }),
    );
    const member = redis({ allowedCallers: [{ name: '*' }] });
    expect(gapsOf(member, callers)).toHaveLength(1);
  });
});

describe('more agreements than one policy can hold', () => {
  const callers = Array.from({ length: 4_000 }, (_, index) =>
    aMember(`commerce/service-${String(index).padStart(4, '0')}`, {
      dependsAll: true,
    }),
  );
  const member = redis({ allowedCallers: [{ name: '*' }] });
  const graph = graphOf([member, ...callers]);

  it('keeps the policy small enough to be written, and says how many stay closed', () => {
    const objects = compilePolicies(graph, aKey('data/redis'), DEFAULT_PROFILE);
    expect(objects.flatMap(lintPolicy)).toEqual([]);
    const [{ reason, message }] = findPolicyGaps(
      graph,
      aKey('data/redis'),
      DEFAULT_PROFILE,
    );
    expect(reason).toBe('TooManyPeers');
    const { ingress } = objects[0].spec as { ingress: object[] };
    expect(message).toContain(`${4_000 - (ingress.length - 1)} agreed callers`);
  });

  it('says nothing of it to a caller', () => {
    expect(
      findPolicyGaps(graph, callers[3_999].metadata, DEFAULT_PROFILE),
    ).toEqual([]);
  });
});

describe('external services', () => {
  const service = aService('commerce/checkout', {
    payments: {
      type: 'external-service',
      params: {
        endpoints: {
          api: 'https://api.example.com/v1',
          old: 'http://198.51.100.7',
          log: 'udp://log.example.com:514',
        },
      },
    },
  });

  it('are egress while nobody declares their key', () => {
    expect(networkOf('commerce/checkout', [service]).egress.slice(2)).toEqual([
      {
        toCIDR: ['198.51.100.7/32'],
        toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }],
      },
      {
        toFQDNs: [{ matchName: 'api.example.com' }],
        toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
      },
      {
        toFQDNs: [{ matchName: 'log.example.com' }],
        toPorts: [{ ports: [{ port: '514', protocol: 'UDP' }] }],
      },
    ]);
  });

  it('are nothing as soon as somebody does', () => {
    const payments = aMember('commerce/payments', { ports: [aPort(8080)] });
    expect(
      networkOf('commerce/checkout', [service, payments]).egress,
    ).toHaveLength(2);
  });

  it('are held to the same rules as egress', () => {
    const wide = aService('commerce/checkout', {
      out: { type: 'external-service', id: 'entity:cluster' },
    });
    expect(gapsOf(wide)).toEqual([
      {
        reason: 'EgressIgnored',
        message:
          'an external service: the entity cluster is not allowed in egress',
      },
    ]);
  });
});

describe('an empty list in a profile', () => {
  it.each<[string, Partial<ClusterProfile>]>([
    ['of entities of the API server', { apiServerEntities: [] }],
    ['of ports of DNS', { dns: { ...DEFAULT_PROFILE.dns, ports: [] } }],
    ['of labels of DNS', { dns: { ...DEFAULT_PROFILE.dns, labels: {} } }],
    ['of entities of DNS', { dns: { ...DEFAULT_PROFILE.dns, entities: [] } }],
  ])('%s opens nothing to everybody', (_, changes) => {
    const hook = redis({ ports: [aPort(9443, { peerAuth: 'Webhook' })] });
    const profile = { ...DEFAULT_PROFILE, ...changes };
    const { ingress, egress } = networkOf('data/redis', [hook], profile);
    for (const rule of [...ingress, ...egress].slice(1))
      expect(Object.values(rule)).not.toContainEqual([]);
  });
});

describe('DNS', () => {
  it('goes where the profile says, to a cache on the node as well', () => {
    const profile: ClusterProfile = {
      ...DEFAULT_PROFILE,
      dns: {
        namespace: 'openshift-dns',
        labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
        ports: [5353],
        entities: ['host'],
      },
    };
    const ports = [
      { port: '5353', protocol: 'TCP' },
      { port: '5353', protocol: 'UDP' },
    ];
    const named = redis({
      egress: [
        { target: { fqdn: 'x.example.com' }, ports: [443], protocol: 'TCP' },
      ],
    });
    expect(networkOf('data/redis', [redis()], profile).egress).toMatchObject([
      {},
      { toPorts: [{ ports }] },
      { toEntities: ['host'], toPorts: [{ ports }] },
    ]);
    expect(networkOf('data/redis', [named], profile).egress[2]).toMatchObject({
      toPorts: [{ ports, rules: { dns: [{ matchPattern: '*' }] } }],
    });
  });
});
