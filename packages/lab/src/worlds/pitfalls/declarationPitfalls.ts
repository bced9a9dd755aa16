import { Pitfall } from './Pitfall';
import { both, declaring, Json, specs } from './rewrite';

type Written = string | { name: string; namespace?: string };

const callers = (spec: Json) => (spec.allowedCallers ?? []) as Written[];

/** Traps in what is taken for declared. */
export const declarationPitfalls: readonly Pitfall[] = [
  {
    id: 'P14',
    kind: 'opens',
    trap: 'a member for a whole namespace falls back to a label of its own name',
    mutations: [
      {
        way: 'no selector, so the usual label',
        policies: both(
          specs(
            'CiliumNetworkPolicy',
            spec => ({
              ...spec,
              endpointSelector: {
                matchLabels: { 'k8s:app.kubernetes.io/name': 'everything' },
              },
            }),
            'everything',
          ),
          specs(
            'AuthorizationPolicy',
            spec => ({
              ...spec,
              selector: {
                matchLabels: { 'app.kubernetes.io/name': 'everything' },
              },
            }),
            'everything',
          ),
        ),
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P17',
    kind: 'opens',
    trap: 'a wildcard within a namespace is taken for everyone',
    mutations: [
      {
        way: 'a star is a star',
        manifests: declaring(spec => ({
          ...spec,
          allowedCallers: callers(spec).map(one =>
            one === 'shop/*' ? '*' : one,
          ),
        })),
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P21',
    kind: 'opens',
    trap: 'an account that several workloads run as carries the permission of one of them to all',
    mutations: [
      {
        way: 'callers are written down as the account that everybody has',
        world: world => ({
          ...world,
          manifests: world.manifests.map(
            declaring(spec => ({ ...spec, serviceAccount: 'default' }), 'web'),
          ),
          pods: world.pods.map(pod =>
            ['web-0', 'stranger-in-mesh'].includes(pod.name)
              ? { ...pod, serviceAccount: 'default' }
              : pod,
          ),
        }),
        caughtAs: ['callee not closed by itself'],
      },
    ],
    guards: [
      {
        what: 'shared accounts are told',
        file: 'plugins/lattice-common/src/explain/explain.test.ts',
        test: 'tell of shared accounts, overlaps and whole namespaces',
      },
    ],
  },
  {
    id: 'P22',
    kind: 'opens',
    trap: 'a caller that is let in to scrape metrics gets every port',
    mutations: [
      {
        way: 'the collector is everybody’s caller',
        manifests: declaring(spec => ({
          ...spec,
          allowedCallers: [...callers(spec), 'data/vmagent'],
        })),
        caughtAs: ['false allow'],
      },
    ],
  },
  {
    id: 'P28',
    kind: 'breaks',
    trap: 'the port of the Service instead of the container’s',
    mutations: [
      {
        way: 'the port that clients dial',
        manifests: declaring(spec => ({
          ...spec,
          ports: ((spec.ports ?? []) as Json[]).map(port => ({
            ...port,
            port: port.servicePort ?? port.port,
          })),
        })),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P31',
    kind: 'breaks',
    trap: 'DNS is assumed to be where it usually is',
    mutations: [
      {
        way: 'kube-dns in kube-system at port 53',
        profile: profile => ({
          ...profile,
          dns: {
            namespace: 'kube-system',
            labels: { 'k8s-app': 'kube-dns' },
            ports: [53],
          },
        }),
        caughtAs: ['false deny'],
      },
    ],
  },
  {
    id: 'P35',
    kind: 'breaks',
    trap: 'an agreement between a plain caller and a Strict port is shown as open',
    claims: [{ way: 'agreed means open', isOpen: () => true }],
    guards: [
      {
        what: 'says what is agreed and yet closed',
        file: 'plugins/lattice-common/src/policies/compilePolicies.test.ts',
        test: 'says what is agreed and yet closed, and why',
      },
    ],
  },
  {
    id: 'P37',
    kind: 'breaks',
    trap: 'enrolling a namespace for one member drags its other pods into the mesh',
    mutations: [
      {
        way: 'the namespace is labelled by the way',
        policies: policies => [
          ...policies,
          {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: {
              name: 'shop',
              labels: { 'istio.io/dataplane-mode': 'ambient' },
            },
          },
        ],
        caughtAs: ['lint'],
      },
    ],
    guards: [
      {
        what: 'pods outside of the mesh are told, never enrolled',
        file: 'plugins/lattice-backend/src/mesh/surroundings.test.ts',
        test: 'are told with the patch that takes them in',
      },
    ],
  },
  {
    id: 'P38',
    kind: 'breaks',
    trap: 'pods on the network of their node have no identity of their own',
    mutations: [
      {
        way: 'a callee is put on its node’s network without a word',
        world: world => ({
          ...world,
          pods: world.pods.map(pod =>
            pod.name === 'redis-0' ? { ...pod, hostNetwork: true } : pod,
          ),
        }),
        caughtAs: ['false deny'],
      },
    ],
    guards: [
      {
        what: 'such pods are found and named',
        file: 'plugins/lattice-common/src/explain/explain.test.ts',
        test: 'on their node’s network are selected by nothing',
      },
    ],
  },
];
