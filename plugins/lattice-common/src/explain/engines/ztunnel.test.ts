import { aPod, aPolicy } from '../__testUtils__/aWorld';
import { decidePlaintext } from './peerAuthentication';
import { EngineContext } from './types';
import { decideAuthorization, MeshConnection } from './ztunnel';

const CONTEXT: EngineContext = {
  clusterName: 'default',
  trustDomain: 'td',
  rootNamespace: 'istio-system',
  namespaceLabels: new Map(),
};
const identity = {
  trustDomain: 'td',
  namespace: 'a',
  serviceAccount: 'caller',
};
const connection: MeshConnection = { to: aPod('b/callee'), port: 80, identity };
const PRINCIPAL = 'td/ns/a/sa/caller';

function decide(
  spec: Record<string, unknown>,
  changes: Partial<MeshConnection> = {},
  id = 'b/policy',
) {
  return decideAuthorization(
    [aPolicy('AuthorizationPolicy', id, spec)],
    { ...connection, ...changes },
    CONTEXT,
  ).ruling;
}

const from = (source: Record<string, unknown>) => [{ from: [{ source }] }];

describe('what the mesh makes of an AuthorizationPolicy', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no rule allows nothing', {}, 'deny'],
    ['an empty rule allows everything', { rules: [{}] }, 'allow'],
    [
      'a principal is matched whole',
      { rules: from({ principals: [PRINCIPAL] }) },
      'allow',
    ],
    [
      'another trust domain is another principal',
      { rules: from({ principals: ['cluster.local/ns/a/sa/caller'] }) },
      'deny',
    ],
    [
      'a star ends a prefix',
      { rules: from({ principals: ['td/ns/a/*'] }) },
      'allow',
    ],
    [
      'a star begins a suffix',
      { rules: from({ principals: ['*/sa/caller'] }) },
      'allow',
    ],
    [
      'nobody with an identity is unauthenticated',
      { rules: from({ notPrincipals: ['*'] }) },
      'deny',
    ],
    [
      'namespaces are those of the identity',
      { rules: from({ namespaces: ['a'] }) },
      'allow',
    ],
    [
      'an account ignores the trust domain',
      { rules: from({ serviceAccounts: ['a/caller'] }) },
      'allow',
    ],
    ['an entry without any field matches never', { rules: from({}) }, 'deny'],
    [
      'fields of one entry must all hold',
      { rules: from({ principals: [PRINCIPAL], notNamespaces: ['a'] }) },
      'deny',
    ],
    [
      'a port is matched',
      { rules: [{ to: [{ operation: { ports: ['80'] } }] }] },
      'allow',
    ],
    [
      'a name of a port is dropped',
      { rules: [{ to: [{ operation: { ports: ['http'] } }] }] },
      'deny',
    ],
    [
      'what only a proxy could tell never allows',
      { rules: [{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }] },
      'deny',
    ],
    [
      'and is left out of a denial',
      {
        action: 'DENY',
        rules: [{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }],
      },
      'deny',
    ],
    [
      'a condition must hold',
      { rules: [{ when: [{ key: 'source.namespace', notValues: ['a'] }] }] },
      'deny',
    ],
    [
      'a denial that does not match allows',
      { action: 'DENY', rules: from({ namespaces: ['z'] }) },
      'allow',
    ],
    [
      'one for a waypoint never reaches the pod',
      { targetRefs: [{ kind: 'Service', name: 'x' }] },
      'allow',
    ],
    ['an audit decides nothing', { action: 'AUDIT', rules: [{}] }, 'allow'],
    ['an empty selector attaches to nothing', { selector: {} }, 'allow'],
    [
      'addresses of pods cannot be told',
      { rules: from({ ipBlocks: ['10.0.0.0/8'] }) },
      'unknown',
    ],
  ])('%s', (_, spec, expected) => {
    expect(decide(spec)).toBe(expected);
  });

  it('knows plaintext by the lack of an identity', () => {
    const plain = { identity: undefined };
    expect(decide({ rules: from({ notPrincipals: ['*'] }) }, plain)).toBe(
      'allow',
    );
    expect(decide({ rules: from({ principals: ['*'] }) }, plain)).toBe('deny');
  });

  it('is about the whole mesh in the root namespace, and about no other one', () => {
    expect(decide({}, {}, 'istio-system/policy')).toBe('deny');
    expect(decide({}, {}, 'c/policy')).toBe('allow');
    const selector = { matchLabels: { app: 'other' } };
    expect(decide({ selector }, {}, 'istio-system/policy')).toBe('allow');
  });
});

describe('what the mesh makes of a PeerAuthentication', () => {
  const policies = (...specs: [string, Record<string, unknown>, string?][]) =>
    specs.map(([id, spec, creationTimestamp]) => {
      const policy = aPolicy('PeerAuthentication', id, spec);
      return { ...policy, metadata: { ...policy.metadata, creationTimestamp } };
    });
  const strict = { mtls: { mode: 'STRICT' } };
  const open = { mtls: { mode: 'PERMISSIVE' } };
  const selector = { matchLabels: { app: 'callee' } };
  const exempt = {
    selector,
    ...strict,
    portLevelMtls: { 80: { mode: 'PERMISSIVE' } },
  };

  it.each([
    ['nothing said takes plaintext', [], 'allow'],
    ['the mesh may ask for mTLS', [['istio-system/all', strict]], 'deny'],
    [
      'a namespace overrules the mesh',
      [
        ['istio-system/all', strict],
        ['b/all', open],
      ],
      'allow',
    ],
    [
      'a workload overrules its namespace',
      [
        ['b/all', open],
        ['b/one', { selector, ...strict }],
      ],
      'deny',
    ],
    ['a port overrules its workload', [['b/one', exempt]], 'allow'],
    [
      'a selector in the root namespace is ignored',
      [['istio-system/one', { selector, ...strict }]],
      'allow',
    ],
    [
      'only the oldest counts',
      [
        ['b/one', exempt, '2026-01-02T00:00:00Z'],
        ['b/two', { selector, ...strict }, '2026-01-01T00:00:00Z'],
      ],
      'deny',
    ],
    [
      'of two of one age it cannot be told',
      [
        ['b/one', exempt],
        ['b/two', { selector, ...strict }],
      ],
      'unknown',
    ],
  ] as [string, [string, Record<string, unknown>, string?][], string][])(
    '%s',
    (_, specs, expected) => {
      const { ruling } = decidePlaintext(
        policies(...specs),
        aPod('b/callee'),
        80,
        CONTEXT,
      );
      expect(ruling).toBe(expected);
    },
  );
});
