import { aCiliumPolicy, aNetworkPolicy } from './aWorld.ts';
import { TCP_5432, db, web, world } from './ciliumFactWorld.ts';
import type { Fact } from './facts.ts';

/** Whom Cilium takes a policy to mean, and how policies add up. */
export const CILIUM_PEER_FACTS: Fact[] = [
  {
    says: 'a selector on a label that Cilium ignores selects no pod, so nothing is closed',
    world: world({
      ...aCiliumPolicy('a/db', 'db', {}),
      spec: {
        endpointSelector: { matchLabels: { 'k8s:pod-template-hash': 'h1' } },
        ingress: [{}],
      },
    }),
    open: ['world -> a/db:5432'],
  },
  {
    says: 'the node of a pod reaches it whatever the policy; other nodes do not',
    world: db({ ingress: [{}] }),
    open: ['host -> a/db:5432'],
    closed: ['remote-node -> a/db:5432', 'kube-apiserver -> a/db:5432'],
  },
  {
    says: 'a pod on the network of its node is a node to others, whatever its labels',
    world: db({
      ingress: [
        {
          fromEndpoints: [
            {
              matchLabels: {
                'k8s:app': 'agent',
                'k8s:io.kubernetes.pod.namespace': 'b',
              },
            },
          ],
        },
        {
          fromEntities: ['remote-node'],
          toPorts: TCP_5432,
        },
      ],
    }),
    open: ['b/agent -> a/db:5432'],
    closed: ['b/agent -> a/db:80'],
  },
  {
    says: 'the entity `kube-apiserver` is not the entity `remote-node`',
    world: db({ ingress: [{ fromEntities: ['kube-apiserver'] }] }),
    open: ['kube-apiserver -> a/db:1'],
    closed: ['remote-node -> a/db:1', 'a/web -> a/db:1'],
  },
  {
    says: 'the entity `cluster` is every pod and node, and not the world',
    world: db({ ingress: [{ fromEntities: ['cluster'] }] }),
    open: [
      'b/web -> a/db:1',
      'remote-node -> a/db:1',
      'kube-apiserver -> a/db:1',
    ],
    closed: ['world -> a/db:1', 'api -> a/db:1'],
  },
  {
    says: 'a range of addresses never matches a pod, only what lies outside',
    world: web({ egress: [{ toCIDR: ['0.0.0.0/0'] }] }),
    open: ['a/web -> world:443', 'a/web -> api:443'],
    closed: ['a/web -> a/db:5432', 'a/web -> remote-node:443'],
  },
  {
    says: 'a port name is resolved by the container ports of the pod it is on',
    world: db({
      ingress: [{ toPorts: [{ ports: [{ port: 'serve', protocol: 'TCP' }] }] }],
    }),
    open: ['a/web -> a/db:5432'],
    closed: ['a/web -> a/db:80'],
  },
  {
    says: 'a peer selector may require the service account',
    world: db({
      ingress: [
        {
          fromEndpoints: [
            {
              matchLabels: {
                'k8s:app': 'web',
                'k8s:io.cilium.k8s.policy.serviceaccount': 'other',
              },
            },
          ],
        },
      ],
    }),
    closed: ['a/web -> a/db:5432'],
  },
  {
    says: 'a peer label of the source `reserved` switches the namespace off and opens to the world',
    world: db({
      ingress: [{ fromEndpoints: [{ matchLabels: { 'reserved:world': '' } }] }],
    }),
    open: ['world -> a/db:1'],
    closed: ['a/web -> a/db:1'],
  },
  {
    says: 'a peer label of the source `any` can name another namespace',
    world: db({
      ingress: [
        {
          fromEndpoints: [
            { matchLabels: { 'any:io.kubernetes.pod.namespace': 'b' } },
          ],
        },
      ],
    }),
    open: ['b/web -> a/db:1'],
    closed: ['a/web -> a/db:1'],
  },
  {
    says: 'a policy never applies to pods of another namespace, whatever its selector names',
    world: world({
      ...aCiliumPolicy('a/db', 'db', {}),
      spec: {
        endpointSelector: {
          matchLabels: {
            'k8s:app': 'web',
            'k8s:io.kubernetes.pod.namespace': 'b',
          },
        },
        ingress: [{}],
      },
    }),
    open: ['world -> b/web:1'],
    closed: ['world -> a/web:1'],
  },
  {
    says: 'a probe from 169.254.7.127 is not the node: it needs a rule of its own',
    world: {
      ...world(
        aCiliumPolicy('a/db', 'db', { ingress: [{}] }),
        aCiliumPolicy('a/web', 'web', {
          ingress: [{ fromCIDR: ['169.254.7.127/32'] }],
        }),
      ),
      externals: [{ name: 'probe', cidr: '169.254.7.127/32' }],
    },
    open: ['probe -> a/web:8080'],
    closed: ['probe -> a/db:8080', 'world -> a/web:8080'],
  },
  {
    says: 'a NetworkPolicy of Kubernetes adds to what a CiliumNetworkPolicy opens',
    world: world(
      aCiliumPolicy('a/db', 'db', { ingress: [{}] }),
      aNetworkPolicy('a/chart', {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [
          {
            from: [{ podSelector: {} }],
            ports: [{ protocol: 'TCP', port: 5432 }],
          },
        ],
      }),
    ),
    open: ['a/web -> a/db:5432'],
    closed: ['a/web -> a/db:80', 'b/web -> a/db:5432'],
  },
  {
    says: 'a NetworkPolicy selects namespaces by the label that each of them has',
    world: world(
      aNetworkPolicy('a/chart', {
        podSelector: {},
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
      }),
    ),
    open: ['b/web -> a/db:5432'],
    closed: ['a/web -> a/db:5432', 'b/agent -> a/db:5432'],
  },
  {
    says: 'a NetworkPolicy of Kubernetes that allows nothing closes both declared directions',
    world: world(
      aNetworkPolicy('a/deny', {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
      }),
    ),
    closed: ['b/web -> a/db:5432', 'a/web -> world:443'],
  },
  {
    says: 'a deny rule wins over every allow',
    world: db({
      ingress: [{ fromEndpoints: [{}] }],
      ingressDeny: [{ fromEndpoints: [{ matchLabels: { 'k8s:app': 'web' } }] }],
    }),
    closed: ['a/web -> a/db:5432'],
  },
  {
    says: 'each side is judged by itself: what the caller may send the callee need not let in',
    world: world(
      aCiliumPolicy('a/db', 'db', { ingress: [{}] }),
      aCiliumPolicy('a/web', 'web', { egress: [{ toEndpoints: [{}] }] }),
    ),
    closed: ['a/web -> a/db:5432', 'a/web -> b/web:1'],
  },
];
