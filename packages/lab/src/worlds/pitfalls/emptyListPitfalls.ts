import { Pitfall } from './Pitfall';
import { adding, both, Json, onPorts, rules, specs } from './rewrite';

const CNP = 'CiliumNetworkPolicy';
const isEmpty = (rule: Json) => Object.keys(rule).length === 0;
const withoutSeeds = (rule: Json) => (isEmpty(rule) ? undefined : rule);

/** What goes away when a list is empty, as most serialisers do it. */
function dropEmptyLists(spec: Json): Json {
  return Object.fromEntries(
    Object.entries(spec).filter(
      ([, value]) => !Array.isArray(value) || value.length > 0,
    ),
  );
}

const clusterwideEgressDeny = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'default-deny' },
  spec: { endpointSelector: {}, egress: [{}] },
};

/** Traps in how Cilium reads what is empty or absent. */
export const emptyListPitfalls: readonly Pitfall[] = [
  {
    id: 'P1',
    kind: 'opens',
    trap: 'a policy without ingress rules is written without the key',
    mutations: [
      {
        way: 'no deny rule, and no key for an empty list',
        policies: specs(
          CNP,
          both(
            rules('ingress', withoutSeeds),
            rules('egress', withoutSeeds),
            dropEmptyLists,
          ),
        ),
        caughtAs: ['false allow', 'lint'],
      },
    ],
  },
  {
    id: 'P2',
    kind: 'opens',
    trap: 'a cluster-wide default deny that holds egress rules alone',
    mutations: [
      {
        way: 'members lean on somebody’s default deny',
        policies: policies => [
          ...specs(
            CNP,
            both(rules('ingress', withoutSeeds), dropEmptyLists),
          )(policies),
          clusterwideEgressDeny,
        ],
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P3',
    kind: 'opens',
    trap: 'an allowed caller of a callee without ports gets a rule without ports',
    mutations: [
      {
        way: 'peers are written first, ports where there are some',
        policies: both(
          specs(
            CNP,
            adding('ingress', {
              fromEndpoints: [
                {
                  matchLabels: {
                    'k8s:app': 'batch',
                    'k8s:io.kubernetes.pod.namespace': 'shop',
                  },
                },
              ],
            }),
            'portless',
          ),
          specs(
            CNP,
            adding('egress', {
              toEndpoints: [
                {
                  matchLabels: {
                    'k8s:app': 'portless',
                    'k8s:io.kubernetes.pod.namespace': 'data',
                  },
                },
              ],
            }),
            'batch',
          ),
        ),
        caughtAs: ['false allow', 'lint'],
      },
    ],
  },
  {
    id: 'P4',
    kind: 'opens',
    trap: 'an empty list of peers is left out while the ports stay',
    mutations: [
      {
        way: 'ports are written first, peers where there are some',
        policies: specs(CNP, adding('ingress', onPorts('80/TCP')), 'idle'),
        caughtAs: ['callee not closed by itself', 'lint'],
      },
    ],
  },
  {
    id: 'P5',
    kind: 'opens',
    trap: 'an empty list of names with ports means any destination',
    mutations: [
      {
        way: 'every kind of egress is written, empty or not',
        policies: specs(
          CNP,
          adding('egress', { toFQDNs: [], ...onPorts('443/TCP') }),
          'mute',
        ),
        caughtAs: ['false allow', 'lint'],
      },
    ],
  },
  {
    id: 'P6',
    kind: 'opens',
    trap: 'default deny is switched on without a rule',
    mutations: [
      {
        way: 'enableDefaultDeny in place of the deny rule',
        policies: specs(
          CNP,
          ({ endpointSelector }) => ({
            endpointSelector,
            enableDefaultDeny: { ingress: true, egress: true },
          }),
          'mute',
        ),
        caughtAs: ['false allow', 'lint'],
      },
      {
        way: 'enableDefaultDeny for ingress beside egress rules',
        policies: specs(
          CNP,
          ({ ingress: _ingress, ...spec }) => ({
            ...spec,
            enableDefaultDeny: { ingress: true, egress: true },
          }),
          'mute',
        ),
        caughtAs: ['false allow', 'lint'],
      },
    ],
  },
];
