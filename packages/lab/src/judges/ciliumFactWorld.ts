import { aCiliumPolicy, aPod, aWorld } from './aWorld.ts';
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
/** The port of `a/db`. */
export const TCP_5432 = [{ ports: [{ port: '5432', protocol: 'TCP' }] }];

/** `a/web`, `a/db`, `b/web`, and `b/agent` on the network of its node; two places outside. */
export const world = (...policies: JudgedPolicy[]): JudgedWorld =>
  aWorld(PODS, policies, { externals: EXTERNALS });
/** A world with one policy for `a/db`. */
export const db = (spec: object) => world(aCiliumPolicy('a/db', 'db', spec));
/** A world with one policy for `a/web`. */
export const web = (spec: object) => world(aCiliumPolicy('a/web', 'web', spec));

/** A CiliumClusterwideNetworkPolicy. */
export const clusterwide = (spec: object): JudgedPolicy => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'wide' },
  spec,
});
