import {
  aCiliumPolicy,
  aPeerAuthentication,
  aPod,
  aWorld,
  anAuthorizationPolicy,
} from './aWorld.ts';
import type { Fact } from './facts.ts';
import type { JudgedPolicy, JudgedWorld } from './types.ts';

const TRUST_DOMAIN = 'lattice.test';
const PODS = [
  aPod('a/web', { ambient: true }),
  aPod('a/db', { ambient: true }),
  aPod('a-b/web', { ambient: true }),
  aPod('a/old'),
];
const DB = { selector: { matchLabels: { app: 'db' } } };

const world = (...policies: JudgedPolicy[]): JudgedWorld =>
  aWorld(PODS, policies, { trustDomain: TRUST_DOMAIN });
/** A world with one AuthorizationPolicy for `a/db`. */
const db = (spec: object) =>
  world(anAuthorizationPolicy('a/db', { ...DB, ...spec }));
const from = (...principals: string[]) => ({
  rules: [{ from: [{ source: { principals } }] }],
});
const strict = (key: string, spec: object = {}) =>
  aPeerAuthentication(key, { mtls: { mode: 'STRICT' }, ...spec });
const created = (policy: JudgedPolicy, year: number): JudgedPolicy => ({
  ...policy,
  metadata: {
    ...policy.metadata,
    creationTimestamp: `${year}-01-01T00:00:00Z`,
  },
});

/** What mesh-policy rests on in Istio's ambient mode, where much is the other way round than in Cilium. */
export const ISTIO_FACTS: Fact[] = [
  {
    says: 'without any AuthorizationPolicy ztunnel lets everything in',
    world: world(),
    open: ['a/web -> a/db:80', 'a/old -> a/db:80', 'world -> a/db:80'],
  },
  {
    says: 'an ALLOW policy without rules lets nothing in',
    world: db({}),
    open: ['a/db -> a/web:80'],
    closed: ['a/web -> a/db:80', 'a/old -> a/db:80'],
  },
  {
    says: '`rules: []` lets nothing in either',
    world: db({ rules: [] }),
    closed: ['a/web -> a/db:80', 'a/old -> a/db:80'],
  },
  {
    says: 'one rule `{}` lets everything in',
    world: db({ rules: [{}] }),
    open: ['a/web -> a/db:80', 'a/old -> a/db:80', 'world -> a/db:80'],
  },
  {
    says: '`selector: {}` makes a policy of nothing, not of the namespace',
    world: world(anAuthorizationPolicy('a/none', { selector: {} })),
    open: ['a/web -> a/db:80', 'a/old -> a/db:80'],
  },
  {
    says: "without the key `selector` it is the namespace's",
    world: world(anAuthorizationPolicy('a/none', {})),
    open: ['a/web -> a-b/web:80'],
    closed: ['a-b/web -> a/db:80', 'a/web -> a/db:80'],
  },
  {
    says: "in the root namespace it is the mesh's",
    world: world(anAuthorizationPolicy('istio-system/none', {})),
    closed: ['a/web -> a/db:80', 'a/web -> a-b/web:80'],
  },
  {
    says: 'a policy with `targetRefs` never reaches ztunnel',
    world: world(
      anAuthorizationPolicy('a/waypoint', {
        targetRefs: [{ group: '', kind: 'Service', name: 'db' }],
      }),
    ),
    open: ['a/web -> a/db:80'],
  },
  {
    says: 'a DENY policy without rules is refused, so it closes nothing',
    world: db({ action: 'DENY' }),
    open: ['a/web -> a/db:80'],
    refused: ['AuthorizationPolicy a/db'],
  },
  {
    says: 'an empty source is refused',
    world: db({ rules: [{ from: [{ source: {} }] }] }),
    refused: ['AuthorizationPolicy a/db'],
  },
  {
    says: 'a port name instead of a number is refused',
    world: db({ rules: [{ to: [{ operation: { ports: ['http'] } }] }] }),
    refused: ['AuthorizationPolicy a/db'],
  },
  {
    says: 'a DENY that matches wins over an ALLOW that matches',
    world: world(
      anAuthorizationPolicy('a/db', { ...DB, rules: [{}] }),
      anAuthorizationPolicy('a/not-80', {
        ...DB,
        action: 'DENY',
        rules: [{ to: [{ operation: { ports: ['80'] } }] }],
      }),
    ),
    open: ['a/web -> a/db:81'],
    closed: ['a/web -> a/db:80'],
  },
  {
    says: 'two policies for one pod add up',
    world: world(
      anAuthorizationPolicy('a/one', {
        ...DB,
        ...from(`${TRUST_DOMAIN}/ns/a/sa/web`),
      }),
      anAuthorizationPolicy('a/two', {
        ...DB,
        rules: [{ to: [{ operation: { ports: ['9'] } }] }],
      }),
    ),
    open: ['a/web -> a/db:80', 'a-b/web -> a/db:9'],
    closed: ['a-b/web -> a/db:80'],
  },
  {
    says: 'a principal is written with the configured trust domain and without a scheme',
    world: db(from(`${TRUST_DOMAIN}/ns/a/sa/web`)),
    open: ['a/web -> a/db:80'],
    closed: ['a-b/web -> a/db:80', 'a/old -> a/db:80'],
  },
  {
    says: '`cluster.local` is no alias of another trust domain in ztunnel',
    world: db(from('cluster.local/ns/a/sa/web')),
    closed: ['a/web -> a/db:80'],
  },
  {
    says: 'a principal with its scheme matches nobody',
    world: db(from(`spiffe://${TRUST_DOMAIN}/ns/a/sa/web`)),
    closed: ['a/web -> a/db:80'],
  },
  {
    says: 'the prefix of a whole namespace ends at its slash',
    world: db(from(`${TRUST_DOMAIN}/ns/a/sa/*`)),
    open: ['a/web -> a/db:80'],
    closed: ['a-b/web -> a/db:80'],
  },
  {
    says: '`notPrincipals: ["*"]` lets plain traffic in and the mesh\'s not',
    world: db({ rules: [{ from: [{ source: { notPrincipals: ['*'] } }] }] }),
    open: ['a/old -> a/db:80', 'world -> a/db:80'],
    closed: ['a/web -> a/db:80'],
  },
  {
    says: "the port is the pod's own, also when 15008 carries the traffic",
    world: db({ rules: [{ to: [{ operation: { ports: ['80'] } }] }] }),
    open: ['a/web -> a/db:80', 'a/old -> a/db:80'],
    closed: ['a/web -> a/db:15008', 'a/web -> a/db:81'],
  },
  {
    says: 'UDP is not captured: a closed AuthorizationPolicy does not hold it back',
    world: db({}),
    open: ['a/web -> a/db:53/udp'],
  },
  {
    says: 'Cilium sees what the mesh carries on 15008, not on the port behind it',
    world: world(
      aCiliumPolicy('a/db', 'db', {
        ingress: [
          {
            fromEndpoints: [{ matchLabels: { 'k8s:app': 'web' } }],
            toPorts: [{ ports: [{ port: '15008', protocol: 'TCP' }] }],
          },
          {
            fromEndpoints: [{ matchLabels: { 'k8s:app': 'old' } }],
            toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }],
          },
        ],
      }),
    ),
    open: ['a/web -> a/db:80', 'a/web -> a/db:81', 'a/old -> a/db:80'],
    closed: ['a/old -> a/db:81', 'a/web -> a/db:80/udp'],
  },
  {
    says: 'STRICT for a namespace keeps plain traffic out and lets the mesh in',
    world: world(strict('a/default')),
    open: ['a/web -> a/db:80', 'a/old -> a-b/web:80'],
    closed: ['a/old -> a/db:80', 'world -> a/db:80'],
  },
  {
    says: 'a PERMISSIVE port of a STRICT workload takes plain traffic on that port alone',
    world: world(
      strict('a/default'),
      strict('a/db', { ...DB, portLevelMtls: { 80: { mode: 'PERMISSIVE' } } }),
    ),
    open: ['a/old -> a/db:80', 'a/web -> a/db:80', 'a/web -> a/db:81'],
    closed: ['a/old -> a/db:81', 'a/old -> a/web:80'],
  },
  {
    says: 'DISABLE for a workload takes plain traffic as PERMISSIVE does, and the mesh still gets in',
    world: world(
      strict('a/default'),
      aPeerAuthentication('a/db', { ...DB, mtls: { mode: 'DISABLE' } }),
    ),
    open: ['a/old -> a/db:80', 'a/web -> a/db:80'],
    closed: ['a/old -> a/web:80'],
  },
  {
    says: 'modes for single ports without a selector are refused',
    world: world(
      strict('a/default', { portLevelMtls: { 80: { mode: 'PERMISSIVE' } } }),
    ),
    open: ['a/old -> a/db:80'],
    refused: ['PeerAuthentication a/default'],
  },
  {
    says: 'of two PeerAuthentications for one pod only the oldest counts',
    world: world(
      created(
        aPeerAuthentication('a/older', { ...DB, mtls: { mode: 'PERMISSIVE' } }),
        2020,
      ),
      created(strict('a/younger', DB), 2021),
    ),
    open: ['a/old -> a/db:80'],
  },
  {
    says: 'a PeerAuthentication with a selector in the root namespace is ignored',
    world: world(strict('istio-system/db', DB)),
    open: ['a/old -> a/db:80'],
  },
  {
    says: 'a pod outside the mesh is not held by its AuthorizationPolicy',
    world: world(
      anAuthorizationPolicy('a/old', {
        selector: { matchLabels: { app: 'old' } },
      }),
    ),
    open: ['a/web -> a/old:80'],
  },
];
