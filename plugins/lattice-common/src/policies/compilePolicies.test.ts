import { LatticeMember, MemberSpec } from '../api/memberModel';
import { KubernetesObject } from '../api/object';
import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { graphOf } from './__testUtils__/worlds';
import { ClusterProfile, DEFAULT_PROFILE } from './ClusterProfile';
import { compileDenyOnly, compilePolicies } from './compilePolicies';
import { lintPolicy } from './lintPolicy';
import { policyName, policyOwnerKey } from './policyIdentity';
import { findPolicyGaps } from './policyGaps';

const CALLER = { namespace: 'commerce', name: 'checkout' };

function compile(
  key: string,
  members: LatticeMember[],
  profile: ClusterProfile = DEFAULT_PROFILE,
) {
  const objects = compilePolicies(graphOf(members), aKey(key), profile);
  const find = (kind: string) =>
    objects.find(object => object.kind === kind)?.spec as
      | Record<string, object[]>
      | undefined;
  return {
    objects,
    cilium: find('CiliumNetworkPolicy')!,
    authorization: find('AuthorizationPolicy'),
    authentication: find('PeerAuthentication'),
  };
}

const redis = (spec: Partial<MemberSpec> = {}) =>
  aMember('data/redis', {
    ports: [aPort(6379)],
    allowedCallers: [CALLER],
    ...spec,
  });
const checkout = (spec: Partial<MemberSpec> = {}) =>
  aMember('commerce/checkout', {
    dependencies: [{ namespace: 'data', name: 'redis' }],
    ...spec,
  });
const selector = (namespace: string, app: string) => ({
  matchLabels: {
    'k8s:app': app,
    'k8s:io.cilium.k8s.policy.cluster': 'default',
    'k8s:io.kubernetes.pod.namespace': namespace,
  },
});
const tcp = (...ports: number[]) => [
  { ports: ports.map(port => ({ port: String(port), protocol: 'TCP' })) },
];

describe('compiled policies', () => {
  it('denies everything for a member without callers, in both engines', () => {
    const { cilium, authorization } = compile('data/redis', [redis()]);
    expect(cilium.ingress).toEqual([{}]);
    expect(authorization).toEqual({
      selector: { matchLabels: { app: 'redis' } },
      action: 'ALLOW',
    });
  });

  it('makes nothing for the whole root namespace of Istio, where it would be about the whole mesh', () => {
    const members = [
      aMember('istio-system/all', {
        target: { namespace: 'istio-system' },
        ports: [aPort(15017)],
        allowedCallers: [CALLER],
      }),
      checkout({ dependencies: [{ namespace: 'istio-system', name: 'all' }] }),
    ];
    expect(compile('istio-system/all', members).objects).toEqual([]);
    const outside = { ...DEFAULT_PROFILE, rootNamespace: 'istio-config' };
    expect(compile('istio-system/all', members, outside).objects).toHaveLength(
      2,
    );
  });

  it('stays small enough to be written however many agreements there are', () => {
    const callers = Array.from({ length: 2_000 }, (_, index) =>
      aMember(`commerce/${'a-rather-long-name-of-a-service'}-${index}`, {
        dependencies: [{ namespace: 'data', name: 'redis' }],
      }),
    );
    const { objects } = compile('data/redis', [
      redis({ allowedCallers: [{ name: '*' }] }),
      ...callers,
    ]);
    for (const { metadata } of objects)
      expect(JSON.stringify(metadata.annotations).length).toBeLessThan(
        128 * 1024,
      );
  });

  it('opens nothing for an agreed caller when no port is declared', () => {
    const { cilium, authorization } = compile('data/redis', [
      redis({ ports: [] }),
      checkout(),
    ]);
    expect(cilium.ingress).toEqual([{}]);
    expect(authorization).not.toHaveProperty('rules');
  });

  it('keeps plaintext apart from identities on Permissive and Webhook ports', () => {
    const { cilium, authorization, authentication } = compile('data/redis', [
      redis({
        ports: [
          aPort(8443),
          aPort(9402, { peerAuth: 'Permissive' }),
          aPort(9443, { peerAuth: 'Webhook' }),
        ],
      }),
      checkout({ ambient: false }),
    ]);
    expect(cilium.ingress).toEqual([
      {},
      {
        fromEndpoints: [selector('commerce', 'checkout')],
        toPorts: tcp(9402),
      },
      {
        fromEntities: ['host', 'kube-apiserver', 'remote-node'],
        toPorts: tcp(9443),
      },
    ]);
    expect(authorization!.rules).toEqual([
      {
        from: [{ source: { notPrincipals: ['*'] } }],
        to: [{ operation: { ports: ['9402', '9443'] } }],
      },
    ]);
    expect(authentication).toEqual({
      selector: { matchLabels: { app: 'redis' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: {
        9402: { mode: 'PERMISSIVE' },
        9443: { mode: 'PERMISSIVE' },
      },
    });
  });

  it('uses the callee’s own ports where one side is outside the mesh', () => {
    const members = [redis({ ambient: false }), checkout()];
    expect(compile('data/redis', members).cilium.ingress[1]).toEqual({
      fromEndpoints: [selector('commerce', 'checkout')],
      toPorts: tcp(6379),
    });
    expect(compile('data/redis', members).authorization).toBeUndefined();
    expect(compile('commerce/checkout', members).cilium.egress[2]).toEqual({
      toEndpoints: [selector('data', 'redis')],
      toPorts: tcp(6379),
    });
  });

  it('names a plain peer by its service account, too, when that is stated', () => {
    const { cilium } = compile('data/redis', [
      redis({ ambient: false }),
      checkout({ ambient: false, serviceAccount: 'robot' }),
    ]);
    expect(JSON.stringify(cilium.ingress)).toContain(
      '"k8s:io.cilium.k8s.policy.serviceaccount":"robot"',
    );
  });

  it('covers a whole namespace without a selector, and names it by prefix as a caller', () => {
    const whole = aMember('commerce/checkout', {
      target: { namespace: 'commerce' },
      dependencies: [{ namespace: 'data', name: 'redis' }],
    });
    const caller = compile('commerce/checkout', [redis(), whole]);
    expect(caller.cilium.endpointSelector).toEqual({});
    expect(caller.authorization).not.toHaveProperty('selector');
    const callee = compile('data/redis', [redis(), whole]);
    expect(JSON.stringify(callee.authorization)).toContain(
      '"cluster.local/ns/commerce/sa/*"',
    );
    expect(callee.cilium.ingress[1]).toMatchObject({
      fromEndpoints: [
        {
          matchLabels: {
            'k8s:io.cilium.k8s.policy.cluster': 'default',
            'k8s:io.kubernetes.pod.namespace': 'commerce',
          },
        },
      ],
    });
  });

  it('writes egress one kind of peer a rule, and lets the DNS proxy see named egress', () => {
    const { cilium } = compile('data/redis', [
      redis({
        egress: [
          {
            target: { fqdn: 'api.example.com' },
            ports: [443],
            protocol: 'TCP',
          },
          { target: { fqdn: '*.example.org' }, ports: [443], protocol: 'TCP' },
          {
            target: { cidr: '198.51.100.1/32' },
            ports: [51820],
            protocol: 'UDP',
          },
          { target: { entity: 'world' }, ports: [80], protocol: 'TCP' },
          { target: { entity: 'cluster' }, ports: [80], protocol: 'TCP' },
          { target: { entity: 'world' }, ports: [], protocol: 'TCP' },
        ],
      }),
    ]);
    expect(cilium.egress.slice(2)).toEqual([
      {
        toCIDR: ['198.51.100.1/32'],
        toPorts: [{ ports: [{ port: '51820', protocol: 'UDP' }] }],
      },
      { toEntities: ['world'], toPorts: tcp(80) },
      { toFQDNs: [{ matchName: 'api.example.com' }], toPorts: tcp(443) },
      { toFQDNs: [{ matchPattern: '*.example.org' }], toPorts: tcp(443) },
    ]);
    expect(cilium.egress[1]).toMatchObject({
      toPorts: [{ rules: { dns: [{ matchPattern: '*' }] } }],
    });
  });

  it('splits more ports than Cilium takes in one item', () => {
    const ports = Array.from({ length: 95 }, (_, index) => aPort(1000 + index));
    const { cilium, objects } = compile('data/redis', [
      redis({ ports, ambient: false }),
      checkout(),
    ]);
    const [, { toPorts }] = cilium.ingress as Array<{ toPorts: object[] }>;
    expect(toPorts).toHaveLength(3);
    expect(objects.flatMap(lintPolicy)).toEqual([]);
  });

  it.each<[string, Partial<MemberSpec>]>([
    ['an account that stands for several', { serviceAccount: '*' }],
    ['the namespace of somebody else', { target: { namespace: 'data' } }],
    ['no labels', { target: { selector: {} } }],
    [
      'a label with a meaning of its own',
      { target: { selector: { 'reserved:world': '' } } },
    ],
    [
      'a label of the namespace',
      { target: { selector: { 'io.kubernetes.pod.namespace': 'x' } } },
    ],
  ])('makes no agreement with a member that names %s', (_, spec) => {
    const members = [redis(), checkout(spec)];
    expect(compile('data/redis', members).cilium.ingress).toEqual([{}]);
    expect(compile('commerce/checkout', members).objects).toEqual([]);
  });

  it('says what is agreed and yet closed, and why', () => {
    const graph = graphOf([redis(), checkout({ ambient: false })]);
    expect(
      findPolicyGaps(graph, aKey('data/redis'), DEFAULT_PROFILE),
    ).toMatchObject([{ reason: 'AgreedButBlocked' }]);
    expect(
      findPolicyGaps(graph, aKey('data/redis'), {
        ...DEFAULT_PROFILE,
        engines: { cilium: true, istio: false },
      }),
    ).toMatchObject([
      { reason: 'EngineMissing' },
      { reason: 'AgreedButBlocked' },
    ]);
  });

  it('tells a caller nothing of what the callee of a closed agreement declares', () => {
    const gapsOf = (members: LatticeMember[]) =>
      findPolicyGaps(
        graphOf(members),
        aKey('commerce/checkout'),
        DEFAULT_PROFILE,
      );
    const closed = gapsOf([redis({ ports: [] }), checkout()]);
    expect(closed).toMatchObject([{ reason: 'AgreedButBlocked' }]);
    expect(closed).toEqual(gapsOf([redis(), checkout({ ambient: false })]));
  });

  it('names nobody in a gap whom only a wildcard stands for', () => {
    const graph = graphOf([
      redis({ allowedCallers: [{ name: '*' }] }),
      checkout({ ambient: false }),
    ]);
    const [{ message }] = findPolicyGaps(
      graph,
      aKey('data/redis'),
      DEFAULT_PROFILE,
    );
    expect(message).not.toContain('checkout');
  });

  it('has deny-only forms that allow nothing', () => {
    expect(
      compileDenyOnly(redis(), DEFAULT_PROFILE).map(({ spec }) => spec),
    ).toEqual([
      {
        endpointSelector: { matchLabels: { 'k8s:app': 'redis' } },
        ingress: [{}],
        egress: [{}],
      },
      { selector: { matchLabels: { app: 'redis' } }, action: 'ALLOW' },
    ]);
  });
});

describe('names of policies', () => {
  it('fit a label, differ by key, and lead back to the key', () => {
    const long = 'x'.repeat(200);
    const keys = [
      { namespace: 'a', name: 'b-c' },
      { namespace: 'a-b', name: 'c' },
      { namespace: 'a', name: long },
      { namespace: 'a', name: `${long}y` },
      { namespace: 'a', name: 'dotted.name' },
    ];
    const names = keys.map(policyName);
    expect(new Set(names).size).toBe(keys.length);
    for (const key of keys) {
      expect(policyName(key)).toMatch(/^lattice-[a-z0-9-]{1,44}-[0-9a-f]{10}$/);
      const [policy] = compilePolicies(
        graphOf([
          aMember(`${key.namespace}/${key.name}`, {
            serviceAccount: 'x',
            target: { selector: { app: 'x' } },
          }),
        ]),
        key,
        DEFAULT_PROFILE,
      );
      expect(policyOwnerKey(policy)).toEqual(key);
    }
  });
});

/** Each row is a mistake that an engine would read as "anyone", "any port" or "nothing said". */
describe('the lint of compiled policies', () => {
  const { objects } = compile('data/redis', [
    redis({ ports: [aPort(6379), aPort(80, { peerAuth: 'Permissive' })] }),
    checkout(),
  ]);
  type Spec = Record<string, unknown> & {
    ingress: Array<Record<string, unknown>>;
    rules: Array<Record<string, unknown>>;
  };
  const mistakes: Array<
    [string, string, (spec: Spec, object: KubernetesObject) => void]
  > = [
    [
      'an empty ingress list',
      'CiliumNetworkPolicy',
      spec => void (spec.ingress = []),
    ],
    [
      'no ingress list',
      'CiliumNetworkPolicy',
      spec => void delete (spec as Partial<Spec>).ingress,
    ],
    ['no deny rule', 'CiliumNetworkPolicy', spec => void spec.ingress.shift()],
    [
      'ports without a peer',
      'CiliumNetworkPolicy',
      spec => void delete spec.ingress[1].fromEndpoints,
    ],
    [
      'an empty peer list',
      'CiliumNetworkPolicy',
      spec => void (spec.ingress[1].fromEndpoints = []),
    ],
    [
      'a peer without ports',
      'CiliumNetworkPolicy',
      spec => void delete spec.ingress[1].toPorts,
    ],
    [
      'two kinds of peer',
      'CiliumNetworkPolicy',
      spec => void (spec.ingress[1].fromEntities = ['host']),
    ],
    [
      'a peer without namespace',
      'CiliumNetworkPolicy',
      spec =>
        void (spec.ingress[1].fromEndpoints = [
          { matchLabels: { 'k8s:app': 'x' } },
        ]),
    ],
    [
      'default deny switched off',
      'CiliumNetworkPolicy',
      spec => void (spec.enableDefaultDeny = { ingress: false }),
    ],
    [
      'egress by name without the DNS proxy',
      'CiliumNetworkPolicy',
      spec =>
        void (spec.egress as Spec['ingress']).push({
          toFQDNs: [{ matchName: 'api.example.com' }],
          toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
        }),
    ],
    [
      'an owner reference',
      'CiliumNetworkPolicy',
      (_, object) => void (object.metadata.ownerReferences = [{}]),
    ],
    ['an empty rule', 'AuthorizationPolicy', spec => void (spec.rules[0] = {})],
    [
      'an empty list of rules',
      'AuthorizationPolicy',
      spec => void (spec.rules = []),
    ],
    [
      'ports without a source',
      'AuthorizationPolicy',
      spec => void delete spec.rules[0].from,
    ],
    [
      'a source without ports',
      'AuthorizationPolicy',
      spec => void delete spec.rules[0].to,
    ],
    [
      'a principal for everybody',
      'AuthorizationPolicy',
      spec => void (spec.rules[0].from = [{ source: { principals: ['*'] } }]),
    ],
    [
      'an empty selector',
      'AuthorizationPolicy',
      spec => void (spec.selector = {}),
    ],
    [
      'modes without a selector',
      'PeerAuthentication',
      spec => void delete spec.selector,
    ],
    [
      'mTLS switched off',
      'PeerAuthentication',
      spec => void (spec.mtls = { mode: 'DISABLE' }),
    ],
  ];

  it.each(mistakes)('finds %s', (_, kind, change) => {
    const object = structuredClone(objects.find(one => one.kind === kind)!);
    expect(lintPolicy(object)).toEqual([]);
    change(object.spec as Spec, object);
    expect(lintPolicy(object)).not.toEqual([]);
  });
});
