import { Pitfall } from './Pitfall';
import {
  adding,
  both,
  declaring,
  Json,
  onPorts,
  ports,
  rules,
  specs,
} from './rewrite';

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

/** Traps in how Cilium reads rules. */
export const networkPitfalls: readonly Pitfall[] = [
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
  {
    id: 'P12',
    kind: 'opens',
    trap: 'a port for the API server is opened to the cluster and the world',
    mutations: [
      {
        way: 'webhook ports take whoever may be the API server',
        policies: specs(
          CNP,
          rules('ingress', rule =>
            rule.fromEntities
              ? { ...rule, fromEntities: ['cluster', 'world'] }
              : rule,
          ),
        ),
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P13',
    kind: 'opens',
    trap: 'the tunnel is open to the cluster, and nothing stands behind it',
    mutations: [
      {
        way: 'tunnel from and to everywhere, authorization left to somebody else',
        policies: policies =>
          specs(
            CNP,
            both(
              adding('ingress', {
                fromEntities: ['cluster'],
                ...onPorts('15008/TCP'),
              }),
              adding('egress', {
                toEntities: ['cluster'],
                ...onPorts('15008/TCP'),
              }),
            ),
          )(policies).filter(({ kind }) => kind !== 'AuthorizationPolicy'),
        caughtAs: ['false allow', 'caller not closed by itself'],
      },
    ],
  },
  {
    id: 'P15',
    kind: 'opens',
    trap: 'a selector by a label that Cilium leaves out of identities selects no pod',
    mutations: [
      {
        way: 'any label of a pod will do',
        world: world => ({
          ...world,
          manifests: world.manifests.map(
            declaring(
              spec => ({
                ...spec,
                target: { selector: { 'pod-template-hash': 'f7b9' } },
              }),
              'mute',
            ),
          ),
          pods: world.pods.map(pod =>
            pod.name === 'mute-0'
              ? { ...pod, labels: { 'pod-template-hash': 'f7b9' } }
              : pod,
          ),
        }),
        isTold: true,
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P16',
    kind: 'opens',
    trap: 'a user’s label changes whom a copied selector is about',
    mutations: [
      {
        way: 'labels of a member win over the namespace of its peers',
        policies: specs(
          CNP,
          rules('ingress', rule => moveTo(rule, 'fromEndpoints', 'outskirts')),
        ),
        caughtAs: ['callee not closed by itself', 'false deny'],
      },
      {
        way: 'label keys are copied with whatever prefix they bring',
        policies: specs(
          CNP,
          adding('ingress', {
            fromEndpoints: [{ matchLabels: { 'reserved:world': '' } }],
            ...onPorts('80/TCP'),
          }),
          'plain-api',
        ),
        caughtAs: ['false allow', 'lint'],
      },
    ],
  },
  {
    id: 'P18',
    kind: 'opens',
    trap: 'a wide entity in egress satisfies the caller’s side towards every pod',
    mutations: [
      {
        way: 'entities of egress are passed on',
        policies: specs(
          CNP,
          adding('egress', { toEntities: ['cluster'], ...onPorts('80/TCP') }),
          'web',
          'mute',
        ),
        caughtAs: ['false allow', 'caller not closed by itself'],
      },
    ],
  },
  {
    id: 'P19',
    kind: 'opens',
    trap: 'UDP is left to the mesh, which does not carry it',
    mutations: [
      {
        way: 'members of the mesh let all UDP pass',
        policies: policies =>
          policies.map(object =>
            object.kind === CNP &&
            policies.some(
              ({ kind, metadata }) =>
                kind === 'AuthorizationPolicy' &&
                metadata.name === object.metadata.name,
            )
              ? {
                  ...object,
                  spec: adding('ingress', {
                    fromEntities: ['all'],
                    ...onPorts('0/UDP'),
                  })(object.spec as Json),
                }
              : object,
          ),
        caughtAs: ['false allow'],
      },
      {
        way: 'no rules for UDP',
        policies: specs(
          CNP,
          rules(
            'ingress',
            ports(port => (port.protocol === 'UDP' ? undefined : port)),
          ),
        ),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P26',
    kind: 'breaks',
    trap: 'a caller outside the mesh is closed, and gets no rule for its callees',
    mutations: [
      {
        way: 'egress of plain members is DNS alone',
        policies: specs(
          CNP,
          rules('egress', rule =>
            JSON.stringify(rule).includes('dns-system') || isEmpty(rule)
              ? rule
              : undefined,
          ),
          'batch',
        ),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P29',
    kind: 'breaks',
    trap: 'a wildcard is written as an exact name',
    mutations: [
      {
        way: 'every host name is a matchName',
        policies: specs(
          CNP,
          rules('egress', rule =>
            rule.toFQDNs
              ? { ...rule, toFQDNs: [{ matchName: '*.example.com' }] }
              : rule,
          ),
        ),
        caughtAs: ['refused by an engine'],
      },
    ],
  },
  {
    id: 'P32',
    kind: 'breaks',
    trap: 'egress by name without a DNS rule from which Cilium learns the addresses',
    mutations: [
      {
        way: 'DNS is a port like any other',
        policies: specs(
          CNP,
          rules('egress', rule =>
            rule.toPorts
              ? {
                  ...rule,
                  toPorts: (rule.toPorts as Json[]).map(({ ports: list }) => ({
                    ports: list,
                  })),
                }
              : rule,
          ),
        ),
        caughtAs: ['lint'],
      },
    ],
  },
  {
    id: 'P33',
    kind: 'breaks',
    trap: 'more than forty ports in one item',
    mutations: [
      {
        way: 'all ports in one item',
        policies: specs(
          CNP,
          adding('ingress', {
            fromEntities: ['host'],
            ...onPorts(
              ...Array.from(
                { length: 41 },
                (_, index) => `${20_000 + index}/TCP`,
              ),
            ),
          }),
          'mute',
        ),
        caughtAs: ['refused by an engine', 'lint'],
      },
    ],
    guards: [
      {
        what: 'long lists are cut into items, and names to what a label holds',
        file: 'plugins/lattice-common/src/policies/compilePolicies.test.ts',
        test: 'splits more ports than Cilium takes in one item',
      },
    ],
  },
  {
    id: 'P34',
    kind: 'breaks',
    trap: 'two kinds of peers in one rule',
    mutations: [
      {
        way: 'whoever may enter by a port stands in its one rule',
        policies: specs(
          CNP,
          rules('ingress', rule =>
            rule.fromEndpoints ? { ...rule, fromEntities: ['host'] } : rule,
          ),
          'ledger',
        ),
        caughtAs: ['refused by an engine', 'lint'],
      },
    ],
  },
];

function moveTo(rule: Json, field: string, namespace: string): Json {
  const selectors = rule[field] as { matchLabels: Json }[] | undefined;
  if (!selectors) return rule;
  return {
    ...rule,
    [field]: selectors.map(({ matchLabels }) => ({
      matchLabels: {
        ...matchLabels,
        'k8s:io.kubernetes.pod.namespace': namespace,
      },
    })),
  };
}
