import { aPod, aPolicy } from '../__testUtils__/aWorld';
import { decideFlow, readPolicies } from './decideFlow';
import { findCiliumRefusal } from './ciliumValidity';
import { EngineContext, Flow, FlowEnd } from './types';

const CONTEXT: EngineContext = {
  clusterName: 'default',
  trustDomain: 'cluster.local',
  rootNamespace: 'istio-system',
  namespaceLabels: new Map<string, Record<string, string>>([
    ['a', { team: 'one' }],
    ['b', {}],
  ]),
};
const plain = { ambient: false };
const caller = aPod('a/caller', plain);
const callee = aPod('b/callee', {
  ...plain,
  namedPorts: [{ name: 'http', port: 80, protocol: 'TCP' }],
});
const partner: FlowEnd = { outside: 'address', cidr: '203.0.113.7/32' };
const api: FlowEnd = {
  outside: 'address',
  cidr: '198.51.100.9/32',
  fqdn: 'api.example.com',
};

function decide(
  kind: string,
  spec: Record<string, unknown>,
  flow: Partial<Flow> = {},
  direction: 'ingress' | 'egress' = 'ingress',
) {
  const id = direction === 'ingress' ? 'b/policy' : 'a/policy';
  const whole = {
    from: caller,
    to: callee,
    port: 80,
    protocol: 'TCP' as const,
  };
  return decideFlow(
    readPolicies([aPolicy(kind, id, spec)], 'default'),
    { ...whole, ...flow },
    CONTEXT,
  )[direction];
}

const cilium = (
  rules: Record<string, unknown>,
  flow?: Partial<Flow>,
  direction?: 'ingress' | 'egress',
) =>
  decide(
    'CiliumNetworkPolicy',
    { endpointSelector: {}, ...rules },
    flow,
    direction,
  ).ruling;

describe('what Cilium makes of a policy', () => {
  const all = { endpointSelector: {} };
  it.each<[string, Record<string, unknown>, string]>([
    ['an empty rule denies the rest', { ingress: [{}] }, 'deny'],
    ['no list is silent', { egress: [{}] }, 'allow'],
    ['an empty list is silent', { ingress: [], egress: [{}] }, 'allow'],
    [
      'all lists empty is refused, so that the pod is open',
      { ingress: [] },
      'allow',
    ],
    [
      'ports without peers mean anyone',
      { ingress: [{ toPorts: [{ ports: [{ port: '80' }] }] }] },
      'allow',
    ],
    [
      'peers without ports mean every port',
      { ingress: [{ fromEntities: ['all'] }] },
      'allow',
    ],
    [
      'an empty list of ports means every port',
      { ingress: [{ fromEntities: ['all'], toPorts: [] }] },
      'allow',
    ],
    [
      'an item without ports means none',
      { ingress: [{ fromEntities: ['all'], toPorts: [{ ports: [] }] }] },
      'deny',
    ],
    [
      'an empty list of endpoints means nobody',
      {
        ingress: [
          { fromEndpoints: [], toPorts: [{ ports: [{ port: '80' }] }] },
        ],
      },
      'deny',
    ],
    [
      'an empty selector means its own namespace',
      { ingress: [{ fromEndpoints: [{}] }] },
      'deny',
    ],
    [
      'a selector with a namespace reaches out of its own',
      {
        ingress: [
          {
            fromEndpoints: [
              { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'a' } },
            ],
          },
        ],
      },
      'allow',
    ],
    [
      'a selector by labels of the namespace reaches out, too',
      {
        ingress: [
          {
            fromEndpoints: [
              {
                matchLabels: {
                  'k8s:io.cilium.k8s.namespace.labels.team': 'one',
                },
              },
            ],
          },
        ],
      },
      'allow',
    ],
    [
      'a denial wins over an allowance',
      {
        ingress: [{ fromEntities: ['all'] }],
        ingressDeny: [{ fromEntities: ['cluster'] }],
      },
      'deny',
    ],
    [
      'a policy may deny only what it names',
      {
        enableDefaultDeny: { ingress: false },
        ingress: [{ fromEndpoints: [{}] }],
      },
      'allow',
    ],
    [
      'two kinds of peers in one rule are refused, so that the pod is open',
      { ingress: [{ fromEndpoints: [{}], fromEntities: ['world'] }] },
      'allow',
    ],
    [
      'a block of addresses matches no pod',
      { ingress: [{ fromCIDR: ['0.0.0.0/0'] }] },
      'deny',
    ],
    [
      'a name of a port is that of the container',
      {
        ingress: [
          {
            fromEntities: ['all'],
            toPorts: [{ ports: [{ port: 'http', protocol: 'TCP' }] }],
          },
        ],
      },
      'allow',
    ],
    [
      'a range of ports has an end',
      {
        ingress: [
          {
            fromEntities: ['all'],
            toPorts: [{ ports: [{ port: '70', endPort: 79 }] }],
          },
        ],
      },
      'deny',
    ],
    [
      'another protocol is another port',
      {
        ingress: [
          {
            fromEntities: ['all'],
            toPorts: [{ ports: [{ port: '80', protocol: 'UDP' }] }],
          },
        ],
      },
      'deny',
    ],
    [
      'a rule about ICMP lets no TCP in',
      {
        ingress: [
          { fromEntities: ['all'], icmps: [{ fields: [{ type: 8 }] }] },
        ],
      },
      'deny',
    ],
    [
      'a label that identities leave out is matched by nobody',
      {
        ingress: [
          { fromEndpoints: [{ matchLabels: { 'pod-template-hash': 'x' } }] },
        ],
      },
      'deny',
    ],
  ])('%s', (_, rules, expected) => {
    expect(cilium(rules)).toBe(expected);
  });

  it.each<[string, FlowEnd, Record<string, unknown>, string]>([
    [
      'world is everything outside',
      partner,
      { toEntities: ['world'] },
      'allow',
    ],
    [
      'a block holds an address',
      partner,
      { toCIDR: ['203.0.113.0/24'] },
      'allow',
    ],
    [
      'an exception of a block does not',
      partner,
      { toCIDRSet: [{ cidr: '203.0.113.0/24', except: ['203.0.113.7/32'] }] },
      'deny',
    ],
    [
      'a name is matched',
      api,
      { toFQDNs: [{ matchName: 'api.example.com' }] },
      'allow',
    ],
    [
      'a star stands for one label',
      api,
      { toFQDNs: [{ matchPattern: '*.com' }] },
      'deny',
    ],
    [
      'two stars stand for several',
      api,
      { toFQDNs: [{ matchPattern: '**.com' }] },
      'allow',
    ],
    [
      'an empty list of names with ports means anywhere',
      partner,
      { toFQDNs: [], toPorts: [{ ports: [{ port: '80' }] }] },
      'allow',
    ],
    [
      'the API server runs on a node',
      { outside: 'kube-apiserver' },
      { toEntities: ['remote-node'] },
      'allow',
    ],
    [
      'a group of addresses cannot be told',
      partner,
      { toCIDRSet: [{ cidrGroupRef: 'partners' }] },
      'unknown',
    ],
    [
      'a service cannot be told',
      partner,
      { toServices: [{ k8sService: {} }] },
      'unknown',
    ],
  ])('on the way out, %s', (_, to, rule, expected) => {
    expect(cilium({ egress: [{}, rule] }, { to }, 'egress')).toBe(expected);
  });

  it('lets a node reach its own pods, but not where a policy forbids it', () => {
    const from: FlowEnd = { outside: 'host' };
    expect(cilium({ ingress: [{}] }, { from })).toBe('allow');
    expect(
      cilium({ ingress: [{}] }, { from: { outside: 'remote-node' } }),
    ).toBe('deny');
    expect(
      cilium({ ingressDeny: [{ fromEntities: ['host'] }] }, { from }),
    ).toBe('deny');
  });

  it('cannot tell which node a pod on its node’s network is, when that matters', () => {
    const from = { ...caller, hostNetwork: true };
    expect(cilium({ ingress: [{}] }, { from })).toBe('unknown');
    expect(
      cilium(
        { ingress: [{ fromEntities: ['host', 'remote-node'] }] },
        { from },
      ),
    ).toBe('allow');
    expect(
      decide(
        'CiliumNetworkPolicy',
        { ...all, ingress: [{}] },
        { to: { ...callee, hostNetwork: true } },
      ).reason,
    ).toBe('notEnforced');
  });

  it('cannot tell what depends on labels of a namespace that are not known', () => {
    const from = aPod('far/caller', plain);
    const byTeam = (team: string) => ({
      ingress: [
        {
          fromEndpoints: [
            {
              matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': team },
            },
          ],
        },
      ],
    });
    expect(cilium(byTeam('one'), { from })).toBe('unknown');
    expect(cilium(byTeam('one'))).toBe('allow');
    expect(cilium(byTeam('two'))).toBe('deny');
  });
});

describe('what Cilium makes of a NetworkPolicy', () => {
  const network = (spec: Record<string, unknown>, flow?: Partial<Flow>) =>
    decide('NetworkPolicy', { podSelector: {}, ...spec }, flow).ruling;
  it.each<[string, Record<string, unknown>, string]>([
    ['no rule denies', {}, 'deny'],
    [
      'one about egress alone is silent on ingress',
      { policyTypes: ['Egress'] },
      'allow',
    ],
    ['an empty rule lets everybody in', { ingress: [{}] }, 'allow'],
    [
      'a list of nobody lets everybody in',
      { ingress: [{ from: [] }] },
      'allow',
    ],
    [
      'pods mean those of its own namespace',
      { ingress: [{ from: [{ podSelector: {} }] }] },
      'deny',
    ],
    [
      'namespaces mean all of their pods',
      { ingress: [{ from: [{ namespaceSelector: {} }] }] },
      'allow',
    ],
    [
      'namespaces are selected by label',
      {
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { team: 'one' } } }] },
        ],
      },
      'allow',
    ],
    [
      'the name of a namespace is a label of it',
      {
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchLabels: { 'kubernetes.io/metadata.name': 'b' },
                },
              },
            ],
          },
        ],
      },
      'deny',
    ],
    [
      'a port without protocol is TCP',
      { ingress: [{ ports: [{ port: 80 }] }] },
      'allow',
    ],
    [
      'no port of a protocol is all of them',
      { ingress: [{ ports: [{ protocol: 'UDP' }] }] },
      'deny',
    ],
    [
      'a block matches no pod',
      { ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
      'deny',
    ],
  ])('%s', (_, spec, expected) => {
    expect(network(spec)).toBe(expected);
  });
});

describe('policies that Cilium refuses', () => {
  it.each<[string, Record<string, unknown>]>([
    ['has no rule', {}],
    [
      'combines',
      { egress: [{ toEntities: ['world'], toFQDNs: [{ matchName: 'a' }] }] },
    ],
    ['no entity', { ingress: [{ fromEntities: ['moon'] }] }],
    ['no address block', { egress: [{ toCIDR: ['300.0.0.0/8'] }] }],
    [
      'outside of its address block',
      {
        egress: [
          { toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] },
        ],
      },
    ],
    ['icmps and toPorts', { egress: [{ icmps: [{}], toPorts: [{}] }] }],
    ['no number', { egress: [{ toPorts: [{ ports: [{}] }] }] }],
    [
      'over 40',
      { egress: [{ toPorts: [{ ports: Array(41).fill({ port: '1' }) }] }] },
    ],
  ])('%s', (reason, rules) => {
    const policy = aPolicy('CiliumNetworkPolicy', 'a/policy', {
      endpointSelector: {},
      ...rules,
    });
    expect(findCiliumRefusal(policy)).toContain(reason);
  });

  it('takes all others', () => {
    const policy = aPolicy('CiliumNetworkPolicy', 'a/policy', {
      endpointSelector: {},
      ingress: [{}],
    });
    expect(findCiliumRefusal(policy)).toBeUndefined();
  });
});
