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

/** Traps in whom a rule of Cilium is about. */
export const networkPeerPitfalls: readonly Pitfall[] = [
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
    guards: [
      {
        what: 'a member is warned of such a label',
        file: 'docs/reference/rules.md',
        test: '### selector-ignored',
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
    guards: [
      {
        what: 'a member may not select by such a label',
        file: 'docs/reference/rules.md',
        test: '### selector-reserved',
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
    guards: [
      {
        what: 'wide egress is refused',
        file: 'docs/reference/rules.md',
        test: '### egress-wide',
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
