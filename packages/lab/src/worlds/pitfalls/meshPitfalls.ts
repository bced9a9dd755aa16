import { Pitfall } from './Pitfall';
import { Json, ports, rules, specs, without } from './rewrite';

const AP = 'AuthorizationPolicy';

interface MeshRule {
  readonly from: { source: { principals?: string[] } }[];
  readonly to: unknown;
}

function onPrincipals(change: (principal: string) => Json | string) {
  return specs(AP, spec => ({
    ...spec,
    ...(spec.rules
      ? {
          rules: (spec.rules as MeshRule[]).map(rule => ({
            ...rule,
            from: rule.from.map(({ source }) => ({
              source: source.principals
                ? { principals: source.principals.map(change) }
                : source,
            })),
          })),
        }
      : {}),
  }));
}

/** Traps in how Istio's ambient mode reads policies. */
export const meshPitfalls: readonly Pitfall[] = [
  {
    id: 'P7',
    kind: 'opens',
    trap: 'a rule whose callers and ports are both empty allows everything',
    mutations: [
      {
        way: 'one rule in any case, with what there is',
        policies: specs(AP, spec => ({ ...spec, rules: [{}] }), 'idle'),
        caughtAs: ['callee not closed by itself', 'lint'],
      },
    ],
  },
  {
    id: 'P8',
    kind: 'opens',
    trap: 'a member without callers gets no AuthorizationPolicy',
    mutations: [
      {
        way: 'nothing to allow, nothing to write',
        policies: without(AP, 'idle'),
        caughtAs: ['callee not closed by itself'],
      },
    ],
  },
  {
    id: 'P9',
    kind: 'opens',
    trap: 'an empty selector on a whole namespace attaches to nothing',
    mutations: [
      {
        way: 'always a selector, empty when there are no labels',
        policies: specs(AP, spec => ({ selector: {}, ...spec }), 'everything'),
        caughtAs: ['callee not closed by itself', 'lint'],
      },
    ],
  },
  {
    id: 'P10',
    kind: 'opens',
    trap: 'a DENY policy without rules is taken for deny-all',
    mutations: [
      {
        way: 'deny by DENY',
        policies: specs(AP, spec => ({ ...spec, action: 'DENY' }), 'idle'),
        caughtAs: [
          'refused by an engine',
          'callee not closed by itself',
          'lint',
        ],
      },
    ],
  },
  {
    id: 'P11',
    kind: 'opens',
    trap: 'a rule for plaintext without callers lets any identity pass',
    mutations: [
      {
        way: 'Permissive ports are open to all, Cilium decides',
        policies: specs(
          AP,
          spec => ({
            ...spec,
            rules: (spec.rules as MeshRule[]).map(rule =>
              rule.from[0].source.principals ? rule : { to: rule.to },
            ),
          }),
          'ledger',
        ),
        caughtAs: ['callee not closed by itself', 'lint'],
      },
    ],
  },
  {
    id: 'P23',
    kind: 'opens',
    trap: 'serviceAccounts ignores the trust domain',
    mutations: [
      {
        way: 'callers by account, whatever mesh they are of',
        policies: specs(
          AP,
          spec => ({
            ...spec,
            rules: [
              {
                from: [{ source: { serviceAccounts: ['shop/web'] } }],
                to: [{ operation: { ports: ['6379'] } }],
              },
            ],
          }),
          'redis',
        ),
        caughtAs: ['lint'],
      },
    ],
  },
  {
    id: 'P25',
    kind: 'breaks',
    trap: 'the tunnel’s port is not admitted',
    mutations: [
      {
        way: 'rules for the declared ports alone',
        policies: specs(
          'CiliumNetworkPolicy',
          rules(
            'ingress',
            ports(port => (port.port === '15008' ? undefined : port)),
          ),
        ),
        caughtAs: ['false deny'],
      },
    ],
    guards: [
      {
        what: 'the baseline lets the kubelet’s probes in',
        file: 'plugins/lattice-backend/src/mesh/baseline.test.ts',
        test: '169.254.7.127/32',
      },
    ],
  },
  {
    id: 'P27',
    kind: 'breaks',
    trap: 'cluster.local or a scheme in principals',
    mutations: [
      {
        way: 'the trust domain of the examples',
        profile: profile => ({ ...profile, trustDomain: 'cluster.local' }),
        caughtAs: ['false deny'],
      },
      {
        way: 'principals as certificates spell them',
        policies: onPrincipals(principal => `spiffe://${principal}`),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P30',
    kind: 'breaks',
    trap: 'an address range or a wildcard becomes a ServiceEntry',
    mutations: [
      {
        way: 'egress is made known to the mesh',
        policies: policies => [
          ...policies,
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: 'egress', namespace: 'shop' },
            spec: { hosts: ['*.example.com'], resolution: 'DNS' },
          },
        ],
        caughtAs: ['lint'],
      },
    ],
  },
  {
    id: 'P36',
    kind: 'breaks',
    trap: 'behind a waypoint the caller’s identity is the waypoint’s',
    mutations: [
      {
        way: 'a waypoint is put before the members without a word',
        world: world => ({
          ...world,
          pods: world.pods.map(pod =>
            pod.name === 'web-0' ? { ...pod, serviceAccount: 'waypoint' } : pod,
          ),
        }),
        caughtAs: ['false deny'],
      },
    ],
    open: 'the judges show what a waypoint breaks; nothing looks for one in the cluster yet',
  },
];
