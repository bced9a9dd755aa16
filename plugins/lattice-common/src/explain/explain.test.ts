import { parse } from 'yaml';
import { LatticeMember } from '../api/memberModel';
import { parseMember } from '../api/parseMember';
import { parseService } from '../api/parseService';
import { aMember, aPort } from '../graph/__testUtils__/aMember';
import { DEFAULT_PROFILE } from '../policies/ClusterProfile';
import { compileDenyOnly, compilePolicies } from '../policies/compilePolicies';
import { CHAPTER_MEMBER } from '../testing/manifests';
import { aPod, aPolicy, ask, aWorldOf } from './__testUtils__/aWorld';
import { explain } from './explain';
import {
  EXPLAIN_LAYERS,
  Explanation,
  ExplainLayerName,
  ExplainQuestion,
  ExplainWorld,
} from './types';

const PAIR = 'commerce/checkout -> data/redis';
const OUTBOUND = {
  redis: { type: 'service', direction: 'outbound', namespace: 'data' },
};

function aService(resources: object): LatticeMember {
  const result = parseService({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: { name: 'checkout', namespace: 'commerce' },
    spec: { workload: { resources } },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function theRedis(changes: Partial<LatticeMember['spec']> = {}): LatticeMember {
  const result = parseMember(parse(CHAPTER_MEMBER));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return { ...result.value, spec: { ...result.value.spec, ...changes } };
}

const checkout = aMember('commerce/checkout', {
  dependencies: [{ namespace: 'data', name: 'redis' }],
});
const redis = aMember('data/redis', {
  ports: [aPort(6379)],
  allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
});

const layerOf = ({ layers }: Explanation, name: ExplainLayerName) =>
  layers.find(({ layer }) => layer === name);
const failingOf = ({ layers }: Explanation) =>
  layers.filter(({ verdict }) => verdict === 'fail').map(({ layer }) => layer);

describe('why a caller reaches a callee', () => {
  it('asks every layer in order and finds the chapter’s pair open', () => {
    const explained = explain(
      ask(PAIR),
      aWorldOf([theRedis(), aService(OUTBOUND)]),
    );
    expect(explained.layers.map(({ layer }) => layer)).toEqual(EXPLAIN_LAYERS);
    expect(explained).toMatchObject({ verdict: 'allowed', notes: [] });
    expect(explained.firstFailing).toBeUndefined();
    expect(explained.missing).toBeUndefined();
    expect(layerOf(explained, 'callerDeclares')?.evidence).toBe(
      'commerce/checkout declares data/redis by name (spec.workload.resources.redis).',
    );
  });

  it('names the missing inbound declaration where the member was forgotten', () => {
    const explained = explain(ask(PAIR), aWorldOf([aService(OUTBOUND)]));
    expect(explained.verdict).toBe('denied');
    expect(explained.firstFailing?.layer).toBe('calleeKnown');
    expect(layerOf(explained, 'ciliumEgress')?.verdict).toBe('fail');
    expect(explained.missing?.sentence).toContain(
      'outbound dependency redis declared but no matching inbound declaration found.',
    );
    expect(explained.missing?.object).toEqual({
      kind: 'LatticeMeshMember',
      namespace: 'data',
      name: 'redis',
    });
  });

  it('says that only the service must change when the member allows it already', () => {
    const explained = explain(ask(PAIR), aWorldOf([theRedis(), aService({})]));
    expect(explained).toMatchObject({
      verdict: 'denied',
      firstFailing: { layer: 'callerDeclares', verdict: 'fail' },
      missing: {
        object: { kind: 'LatticeService', name: 'checkout' },
        sentence:
          'LatticeMeshMember data/redis allows commerce/checkout, but LatticeService commerce/checkout declares no outbound dependency redis: traffic is denied. Only the LatticeService must change; the LatticeMeshMember need not.',
      },
    });
    expect(explained.alsoMissing).toBeUndefined();
    expect(parse(explained.missing?.patch ?? '')).toEqual({
      spec: { workload: { resources: OUTBOUND } },
    });
  });

  it('says that both must change when neither has declared anything', () => {
    const { missing, alsoMissing } = explain(
      ask(PAIR),
      aWorldOf([theRedis({ allowedCallers: [] }), aService({})]),
    );
    expect(missing?.sentence).toMatch(/^Neither .* Both must change\.$/);
    expect(alsoMissing?.map(({ object }) => object.name)).toEqual(['redis']);
  });

  it.each<
    [ExplainLayerName, string, LatticeMember[], Partial<ExplainQuestion>]
  >([
    ['callerKnown', 'nothing declares the caller', [redis], {}],
    [
      'calleeAllows',
      'the callee allows nobody',
      [checkout, aMember('data/redis', { ports: [aPort(6379)] })],
      {},
    ],
    [
      'portDeclared',
      'another port is asked about',
      [checkout, redis],
      { port: 9121 },
    ],
    [
      'portDeclared',
      'another protocol is asked about',
      [checkout, redis],
      { port: 6379, protocol: 'UDP' },
    ],
    [
      'portDeclared',
      'the callee declares no port',
      [
        checkout,
        aMember('data/redis', { allowedCallers: redis.spec.allowedCallers }),
      ],
      {},
    ],
    [
      'modeCompatible',
      'a caller outside of the mesh meets mTLS',
      [
        aMember('commerce/checkout', { ...checkout.spec, ambient: false }),
        redis,
      ],
      {},
    ],
    [
      'calleeKnown',
      'no policy can be made of the callee',
      [
        checkout,
        aMember('data/redis', {
          ...redis.spec,
          target: { namespace: 'other' },
        }),
      ],
      {},
    ],
  ])('%s fails first when %s', (layer, _, members, question) => {
    const explained = explain(ask(PAIR, question), aWorldOf(members));
    expect(explained.verdict).not.toBe('allowed');
    expect(explained.firstFailing?.layer).toBe(layer);
  });

  it('calls an agreement blocked that a mode forbids, and says how to unblock it', () => {
    const plain = aMember('commerce/checkout', {
      ...checkout.spec,
      ambient: false,
    });
    const explained = explain(ask(PAIR), aWorldOf([plain, redis]));
    expect(explained.firstFailing?.evidence).toMatch(/^Agreed but blocked: /);
    expect(explained.missing).toMatchObject({
      object: { name: 'checkout' },
      patch: 'spec:\n  ambient: true\n',
    });
    const permissive = aMember('data/redis', {
      ...redis.spec,
      ports: [aPort(6379, { peerAuth: 'Permissive' })],
    });
    expect(explain(ask(PAIR), aWorldOf([plain, permissive])).verdict).toBe(
      'allowed',
    );
  });

  it('asks about every declared port when none is named, and shows the first that is closed', () => {
    const plain = aMember('commerce/checkout', {
      ...checkout.spec,
      ambient: false,
    });
    const ports = [aPort(80, { peerAuth: 'Permissive' }), aPort(6379)];
    const explained = explain(
      ask(PAIR),
      aWorldOf([plain, aMember('data/redis', { ...redis.spec, ports })]),
    );
    expect(explained.verdict).toBe('denied');
    expect(explained.firstFailing?.evidence).toContain('6379/TCP');
  });

  it('reads wildcards and everything at once as declarations', () => {
    const explained = explain(
      ask(PAIR),
      aWorldOf([
        aMember('commerce/checkout', { dependsAll: true }),
        aMember('data/redis', {
          ports: [aPort(6379)],
          allowedCallers: [{ name: '*', namespace: 'commerce' }],
        }),
      ]),
    );
    expect(explained.verdict).toBe('allowed');
    expect(layerOf(explained, 'callerDeclares')?.evidence).toContain(
      'along with everything else (spec.dependsAll)',
    );
    expect(layerOf(explained, 'calleeAllows')?.evidence).toContain(
      'by a wildcard for its namespace (spec.allowedCallers[0])',
    );
  });

  it('does not take an external service for an agreement', () => {
    const caller = aService({
      redis: {
        type: 'external-service',
        namespace: 'data',
        params: { endpoints: { main: 'tcp://redis.example.com:6379' } },
      },
    });
    const explained = explain(ask(PAIR), aWorldOf([theRedis(), caller]));
    expect(explained.firstFailing?.evidence).toContain(
      'it names it as an external service, which is no agreement',
    );
  });

  it('asks a pair of one member about its own pods', () => {
    const self = (allowPeerTraffic: boolean) =>
      explain(
        ask('data/redis -> data/redis'),
        aWorldOf([
          aMember('data/redis', { ports: [aPort(6379)], allowPeerTraffic }),
        ]),
      );
    expect(self(true).verdict).toBe('allowed');
    expect(self(false)).toMatchObject({
      verdict: 'denied',
      missing: { patch: 'spec:\n  allowPeerTraffic: true\n' },
    });
  });
});

describe('engines that are not there', () => {
  const without = (engines: Partial<ExplainWorld['profile']['engines']>) =>
    aWorldOf([checkout, redis], {
      profile: {
        ...DEFAULT_PROFILE,
        engines: { cilium: true, istio: true, ...engines },
      },
    });

  it('keep a Strict port closed without Istio', () => {
    const explained = explain(ask(PAIR), without({ istio: false }));
    expect(explained).toMatchObject({
      verdict: 'denied',
      firstFailing: { layer: 'engines' },
    });
    expect(explained.missing).toBeUndefined();
  });

  it('leave it unknown without Cilium what the network lets through', () => {
    const explained = explain(ask(PAIR), without({ cilium: false }));
    expect(explained).toMatchObject({
      verdict: 'unknown',
      firstFailing: { layer: 'engines' },
    });
  });
});

describe('running pods', () => {
  const agreed = [checkout, redis];

  it('count as they are: one outside of the mesh cannot use mTLS', () => {
    const pods = [
      aPod('commerce/checkout', { ambient: false }),
      aPod('data/redis'),
    ];
    const explained = explain(ask(PAIR), aWorldOf(agreed, { pods }));
    expect(explained).toMatchObject({
      verdict: 'denied',
      firstFailing: { layer: 'pods' },
    });
    expect(explained.firstFailing?.evidence).toContain(
      'is not enrolled in the mesh',
    );
  });

  it('run under the account that the member declares, or are refused', () => {
    const pods = [
      aPod('commerce/checkout', { serviceAccount: 'other' }),
      aPod('data/redis'),
    ];
    const explained = explain(ask(PAIR), aWorldOf(agreed, { pods }));
    expect(failingOf(explained)).toEqual(['pods', 'authorizationPolicy']);
  });

  it('on their node’s network are selected by nothing', () => {
    const pods = [
      aPod('commerce/checkout'),
      aPod('data/redis', { hostNetwork: true }),
    ];
    const explained = explain(ask(PAIR), aWorldOf(agreed, { pods }));
    expect(layerOf(explained, 'pods')?.evidence).toContain(
      'on its node’s network',
    );
    expect(layerOf(explained, 'ciliumIngress')?.verdict).toBe('skipped');
  });

  it('may differ, and then one that is not let through is shown', () => {
    const pods = [
      aPod('commerce/checkout'),
      aPod('commerce/checkout', { name: 'checkout-old', ambient: false }),
      aPod('data/redis'),
    ];
    const explained = explain(ask(PAIR), aWorldOf(agreed, { pods }));
    expect(explained.verdict).toBe('denied');
    expect(explained.notes).toContain(
      'The pods differ: 1 of 2 kinds of pairs are let through. Shown is one that is not.',
    );
  });

  it('that do not run yet leave the rest as declared', () => {
    const explained = explain(ask(PAIR), aWorldOf(agreed, { pods: [] }));
    expect(explained.verdict).toBe('allowed');
    expect(layerOf(explained, 'pods')?.verdict).toBe('unknown');
  });

  it('need an account that exists', () => {
    const serviceAccounts = [{ namespace: 'data', name: 'redis' }];
    const explained = explain(ask(PAIR), aWorldOf(agreed, { serviceAccounts }));
    expect(layerOf(explained, 'pods')?.evidence).toBe(
      'The service account commerce/checkout does not exist.',
    );
  });
});

describe('policies of others', () => {
  const open = aPolicy('NetworkPolicy', 'data/chart', {
    podSelector: { matchLabels: { app: 'redis' } },
    ingress: [{ ports: [{ port: 6379 }] }],
  });
  const plainRedis = aMember('data/redis', {
    ports: [aPort(6379)],
    ambient: false,
  });
  const pods = [
    aPod('commerce/stranger', { ambient: false, labels: { app: 'checkout' } }),
  ];

  it('open what nobody agreed to, and that is said', () => {
    const stray = aMember('commerce/checkout', {
      ambient: false,
      target: { selector: { app: 'nobody' } },
    });
    const outside = explain(
      {
        caller: { outside: 'world' },
        callee: { namespace: 'data', name: 'redis' },
      },
      aWorldOf([plainRedis, stray], { foreignPolicies: [open], pods }),
    );
    expect(outside.verdict).toBe('allowed');
    expect(outside.firstFailing).toBeUndefined();
    expect(layerOf(outside, 'foreignPolicies')?.evidence).toBe(
      'NetworkPolicy data/chart, which Lattice did not write, opens what would be closed.',
    );
    expect(outside.notes[0]).toMatch(/^Open although it is not agreed/);
  });

  it.each([
    [
      'CiliumNetworkPolicy',
      { endpointSelector: {}, ingressDeny: [{ fromEntities: ['cluster'] }] },
      'ciliumIngress',
    ],
    [
      'AuthorizationPolicy',
      { action: 'DENY', rules: [{ to: [{ operation: { ports: ['6379'] } }] }] },
      'authorizationPolicy',
    ],
  ] as const)('close what is agreed: %s', (kind, spec, layer) => {
    const explained = explain(
      ask(PAIR),
      aWorldOf([checkout, redis], {
        foreignPolicies: [aPolicy(kind, 'data/closing', spec)],
      }),
    );
    expect(explained).toMatchObject({
      verdict: 'denied',
      firstFailing: {
        layer,
        object: { kind, namespace: 'data', name: 'closing' },
      },
    });
    expect(layerOf(explained, 'foreignPolicies')?.verdict).toBe('fail');
  });

  it('that change nothing are named all the same', () => {
    const explained = explain(
      ask(PAIR),
      aWorldOf([checkout, redis], { foreignPolicies: [open] }),
    );
    expect(layerOf(explained, 'foreignPolicies')).toMatchObject({
      verdict: 'pass',
      evidence: expect.stringContaining('changes nothing here'),
    });
  });

  it('that know the caller under another trust domain are found out', () => {
    const policy = aPolicy('AuthorizationPolicy', 'data/wrong', {
      rules: [
        {
          from: [
            {
              source: { principals: ['cluster.local/ns/commerce/sa/checkout'] },
            },
          ],
        },
      ],
    });
    const world = aWorldOf(
      [checkout, aMember('data/redis', { ports: [aPort(6379)] })],
      {
        foreignPolicies: [policy],
        profile: { ...DEFAULT_PROFILE, trustDomain: 'example.org' },
      },
    );
    expect(layerOf(explain(ask(PAIR), world), 'trustDomain')).toMatchObject({
      verdict: 'fail',
      object: { name: 'wrong' },
    });
  });

  it('that Cilium refuses are not in force, and that is said', () => {
    const policy = aPolicy('CiliumNetworkPolicy', 'data/mixed', {
      endpointSelector: {},
      ingressDeny: [{ fromEndpoints: [{}], fromEntities: ['all'] }],
    });
    const explained = explain(
      ask(PAIR),
      aWorldOf([checkout, redis], { foreignPolicies: [policy] }),
    );
    expect(explained).toMatchObject({
      verdict: 'allowed',
      notes: [
        'CiliumNetworkPolicy data/mixed is not in force, as Cilium refuses it: a rule combines fromEndpoints and fromEntities.',
      ],
    });
  });

  it('include what stays of a member that has gone, but no copies of what is compiled', () => {
    const world = aWorldOf([checkout, redis]);
    const key = redis.metadata;
    const copies = compilePolicies(world.graph, key, world.profile);
    const rest = compileDenyOnly(redis, world.profile);
    const ask6379 = ask(PAIR, { port: 6379 });
    const explained = explain(ask6379, { ...world, foreignPolicies: rest });
    expect(explained.verdict).toBe('allowed');
    expect(
      explain(ask6379, { ...world, foreignPolicies: copies }).layers,
    ).toEqual(explain(ask6379, world).layers);
    const gone = aMember('data/cache', {
      ...redis.spec,
      target: { selector: { app: 'redis' } },
    });
    const left = compileDenyOnly(gone, world.profile);
    const beside = explain(ask6379, { ...world, foreignPolicies: left });
    expect(layerOf(beside, 'foreignPolicies')?.evidence).toContain(
      left[0].metadata.name,
    );
  });

  it('can keep names from being resolved', () => {
    const noDns = aPolicy('CiliumNetworkPolicy', 'commerce/no-dns', {
      endpointSelector: {},
      egressDeny: [
        {
          toEndpoints: [
            {
              matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system' },
            },
          ],
        },
      ],
    });
    const explained = explain(
      ask(PAIR),
      aWorldOf([checkout, redis], { foreignPolicies: [noDns] }),
    );
    expect(explained.verdict).toBe('allowed');
    expect(layerOf(explained, 'names')?.verdict).toBe('fail');
    expect(explained.notes).toContain(
      'The address can be reached, but names do not resolve.',
    );
  });
});

describe('places outside of the cluster', () => {
  const egress = [
    {
      target: { fqdn: '*.example.com' },
      ports: [443],
      protocol: 'TCP' as const,
    },
    { target: { entity: 'all' }, ports: [80], protocol: 'TCP' as const },
  ];
  const caller = { namespace: 'commerce', name: 'checkout' };
  const world = aWorldOf([aMember('commerce/checkout', { egress })]);
  const api = { outside: 'address' as const, fqdn: 'api.example.com' };

  it('are reached by declared egress alone', () => {
    expect(explain({ caller, callee: api, port: 443 }, world).verdict).toBe(
      'allowed',
    );
    const refused = explain(
      { caller, callee: { outside: 'world' }, port: 443 },
      world,
    );
    expect(refused).toMatchObject({
      verdict: 'denied',
      firstFailing: { layer: 'callerDeclares' },
    });
    expect(parse(refused.missing?.patch ?? '').spec.egress).toHaveLength(3);
  });

  it('are reached by the external services of a LatticeService', () => {
    const service = aService({
      out: {
        type: 'external-service',
        params: { endpoints: { main: 'https://api.example.com' } },
      },
    });
    const explained = explain(
      { caller, callee: api, port: 443 },
      aWorldOf([service]),
    );
    expect(explained.verdict).toBe('allowed');
    expect(layerOf(explained, 'callerDeclares')?.evidence).toContain(
      '(as an external service)',
    );
  });

  it('reach no port but the API server a Webhook one', () => {
    const hook = aMember('data/hook', {
      ports: [aPort(9443, { peerAuth: 'Webhook' })],
    });
    const from = (outside: 'kube-apiserver' | 'world') =>
      explain(
        { caller: { outside }, callee: { namespace: 'data', name: 'hook' } },
        aWorldOf([hook]),
      );
    expect(from('kube-apiserver').verdict).toBe('allowed');
    expect(from('world')).toMatchObject({
      verdict: 'denied',
      firstFailing: { layer: 'calleeAllows' },
    });
  });
});

describe('notes', () => {
  it('tell of shared accounts, overlaps and whole namespaces', () => {
    const explained = explain(
      ask('tools/all -> data/redis'),
      aWorldOf([
        aMember('tools/all', {
          target: { namespace: 'tools' },
          dependencies: [{ namespace: 'data', name: 'redis' }],
        }),
        aMember('data/redis', {
          ports: [aPort(6379)],
          allowedCallers: [{ namespace: 'tools', name: 'all' }],
          serviceAccount: 'shared',
        }),
        aMember('data/cache', {
          target: { selector: { app: 'redis' } },
          serviceAccount: 'shared',
        }),
      ]),
    );
    expect(explained.verdict).toBe('allowed');
    expect(explained.notes).toEqual([
      'tools/all stands for every pod of its namespace, future ones too.',
      'data/redis shares the service account shared with data/cache: the mesh cannot tell them apart.',
      'data/cache selects pods of data/redis, too: they get what either allows.',
    ]);
  });
});
