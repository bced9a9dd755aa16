import { TCP_5432, clusterwide, db, web, world } from './ciliumFactWorld.ts';
import type { Fact } from './facts.ts';

/** The shapes of a Cilium policy that are easily mistaken for their opposite. */
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
];
