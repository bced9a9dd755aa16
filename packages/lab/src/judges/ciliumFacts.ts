import { aCiliumPolicy, aNetworkPolicy, aPod, aWorld } from './aWorld.ts';
import type { Fact } from './facts.ts';
import type { JudgedPolicy, JudgedWorld } from './types.ts';

const PODS = [
  aPod('a/web'),
  aPod('a/db', {
    labels: { app: 'db', 'pod-template-hash': 'h1' },
    namedPorts: [{ name: 'serve', port: 5432, protocol: 'TCP' }],
  }),
  aPod('b/web'),
  aPod('b/agent', { hostNetwork: true }),
];
const EXTERNALS = [
  { name: 'api', cidr: '203.0.113.7/32', fqdn: 'api.example.com' },
  { name: 'elsewhere', cidr: '198.51.100.9/32', fqdn: 'example.org' },
];
const TCP_5432 = [{ ports: [{ port: '5432', protocol: 'TCP' }] }];

const world = (...policies: JudgedPolicy[]): JudgedWorld =>
  aWorld(PODS, policies, { externals: EXTERNALS });
/** A world with one policy for `a/db`. */
const db = (spec: object) => world(aCiliumPolicy('a/db', 'db', spec));
/** A world with one policy for `a/web`. */
const web = (spec: object) => world(aCiliumPolicy('a/web', 'web', spec));

const clusterwide = (spec: object): JudgedPolicy => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'wide' },
  spec,
});

/** What mesh-policy rests on in Cilium: the readings of a policy that are easily mistaken for their opposite. */
export const CILIUM_FACTS: Fact[] = [
  {
    says: 'a pod without any policy is open in both directions',
    world: world(),
    open: ['a/web -> a/db:5432', 'world -> a/db:1', 'a/web -> world:443'],
  },
  {
    says: '`ingress: [{}]` closes ingress and leaves egress alone',
    world: db({ ingress: [{}] }),
    open: ['a/db -> world:443'],
    closed: [
      'a/web -> a/db:5432',
      'world -> a/db:5432',
      'a/web -> a/db:53/udp',
    ],
  },
  {
    says: 'a policy without the key `ingress` leaves ingress open',
    world: db({ egress: [{}] }),
    open: ['a/web -> a/db:5432', 'world -> a/db:5432'],
    closed: ['a/db -> world:443'],
  },
  {
    says: '`ingress: []` leaves ingress open just the same',
    world: db({ ingress: [], egress: [{}] }),
    open: ['a/web -> a/db:5432'],
  },
  {
    says: '`enableDefaultDeny` without a rule closes nothing',
    world: db({ enableDefaultDeny: { ingress: true }, egress: [{}] }),
    open: ['a/web -> a/db:5432'],
  },
  {
    says: 'a rule without peers but with ports opens them to anyone',
    world: db({ ingress: [{ toPorts: TCP_5432 }] }),
    open: ['a/web -> a/db:5432', 'world -> a/db:5432'],
    closed: ['a/web -> a/db:5433', 'a/web -> a/db:5432/udp'],
  },
  {
    says: 'a rule with peers but without ports opens every port to them',
    world: db({
      ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app': 'web' } }] }],
    }),
    open: ['a/web -> a/db:1', 'a/web -> a/db:53/udp'],
    closed: ['world -> a/db:1'],
  },
  {
    says: 'an item of ports without a port opens nothing',
    world: db({ ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [] }] }] }),
    closed: ['a/web -> a/db:5432'],
  },
  {
    says: '`fromEndpoints: []` opens nothing, as long as nobody drops the empty list',
    world: db({ ingress: [{ fromEndpoints: [], toPorts: TCP_5432 }] }),
    closed: ['a/web -> a/db:5432', 'world -> a/db:5432'],
  },
  {
    says: '`toFQDNs: []` with ports opens them towards anyone',
    world: web({ egress: [{ toFQDNs: [], toPorts: TCP_5432 }] }),
    open: ['a/web -> a/db:5432', 'a/web -> world:5432'],
    closed: ['a/web -> world:443'],
  },
  {
    says: 'an FQDN pattern opens the addresses its names resolved to, and no others',
    world: web({
      egress: [{ toFQDNs: [{ matchPattern: '*.example.com' }] }],
    }),
    open: ['a/web -> api:443'],
    closed: ['a/web -> elsewhere:443', 'a/web -> world:443', 'a/web -> a/db:1'],
  },
  {
    says: "`fromEndpoints: [{}]` means all pods of the policy's own namespace",
    world: db({ ingress: [{ fromEndpoints: [{}] }] }),
    open: ['a/web -> a/db:1'],
    closed: ['b/web -> a/db:1', 'world -> a/db:1'],
  },
  {
    says: 'in a clusterwide policy it means the pods of every namespace',
    world: world(
      clusterwide({
        endpointSelector: { matchLabels: { 'k8s:app': 'db' } },
        ingress: [{ fromEndpoints: [{}] }],
      }),
    ),
    open: ['a/web -> a/db:1', 'b/web -> a/db:1'],
    closed: ['world -> a/db:1'],
  },
  {
    says: 'a peer selector stays in the namespace of the policy unless it names another',
    world: db({
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { 'k8s:app': 'web' } }],
          toPorts: TCP_5432,
        },
        {
          fromEndpoints: [
            {
              matchLabels: {
                'k8s:app': 'web',
                'k8s:io.kubernetes.pod.namespace': 'b',
              },
            },
          ],
          toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }],
        },
      ],
    }),
    open: ['a/web -> a/db:5432', 'b/web -> a/db:80'],
    closed: ['b/web -> a/db:5432', 'a/web -> a/db:80'],
  },
  {
    says: 'two kinds of peers in one rule are refused, and the pod stays open',
    world: db({ ingress: [{ fromEndpoints: [{}], fromEntities: ['host'] }] }),
    open: ['world -> a/db:5432'],
    refused: ['CiliumNetworkPolicy a/db'],
  },
  {
    says: 'a policy with nothing in it is refused, and the pod stays open',
    world: db({}),
    open: ['world -> a/db:5432'],
    refused: ['CiliumNetworkPolicy a/db'],
  },
  {
    says: 'more than 40 ports in one item are refused',
    world: db({
      ingress: [
        {
          toPorts: [
            {
              ports: Array.from({ length: 41 }, (_, i) => ({
                port: `${i + 1}`,
              })),
            },
          ],
        },
      ],
    }),
    refused: ['CiliumNetworkPolicy a/db'],
  },
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
