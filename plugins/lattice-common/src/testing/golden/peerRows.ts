import { Patch } from '../manifests';
import { Golden, Row } from './types';

const spec = (fields: Patch): Patch => ({ spec: fields });
const egress = (target: Patch, list: unknown[] = [443]): Patch =>
  spec({ egress: [{ target, ports: list }] });
const PLATFORM = { metadata: { namespace: 'kube-system', name: 'metrics' } };
const CALLER = ['caller-form spec.allowedCallers[0]'];
const DEPENDENCY = ['dependency-form spec.dependencies[0]'];
const CIDR = ['egress-target spec.egress[0].target.cidr'];
const FQDN = ['egress-target spec.egress[0].target.fqdn'];
const ENTITY = ['egress-entity spec.egress[0].target.entity'];
const WIDE = ['egress-wide spec.egress[0].target'];

const rows = (
  found: readonly string[],
  list: readonly [string, Patch][],
): Row[] => list.map(([sentence, patch]): Row => [sentence, patch, found]);

/** Whom a member talks to. */
export const peerRows: Golden<
  | 'caller-form'
  | 'dependency-form'
  | 'self-reference'
  | 'service-account-default'
> = {
  'caller-form': {
    passes: [
      ['everyone who declares it', spec({ allowedCallers: ['*'] })],
      [
        'everyone in a namespace',
        spec({ allowedCallers: [{ name: '*', namespace: 'commerce' }] }),
      ],
      ['a workload elsewhere', spec({ allowedCallers: ['commerce/checkout'] })],
    ],
    finds: rows(CALLER, [
      [
        'every namespace',
        spec({ allowedCallers: [{ name: 'a', namespace: '*' }] }),
      ],
      ['part of a name', spec({ allowedCallers: ['commerce/check*'] })],
      ['capitals', spec({ allowedCallers: ['Checkout'] })],
      ['three parts', spec({ allowedCallers: ['a/b/c'] })],
      ['a principal', spec({ allowedCallers: ['spiffe://x/ns/a/sa/b'] })],
    ]),
  },
  'dependency-form': {
    passes: [
      ['a workload elsewhere', spec({ dependencies: ['commerce/stock'] })],
      [
        'whatever allows it in a namespace',
        spec({ dependencies: ['commerce/*'] }),
      ],
      ['whatever allows it', spec({ dependsAll: true })],
    ],
    finds: rows(DEPENDENCY, [
      ['everything, by a name', spec({ dependencies: ['*'] })],
      ['part of a name', spec({ dependencies: ['commerce/check*'] })],
      ['a host', spec({ dependencies: ['https://api.example.com'] })],
    ]),
  },
  'self-reference': {
    passes: [
      ['peers', spec({ allowPeerTraffic: true })],
      ['its name elsewhere', spec({ allowedCallers: ['cache/redis'] })],
    ],
    finds: [
      [
        'itself as caller',
        spec({ allowedCallers: ['redis'] }),
        ['self-reference spec.allowedCallers[0] (warning)'],
      ],
      [
        'itself as dependency',
        spec({ dependencies: [{ name: 'redis', namespace: 'data' }] }),
        ['self-reference spec.dependencies[0] (warning)'],
      ],
    ],
  },
  'service-account-default': {
    passes: [
      ['an account of its own', spec({ serviceAccount: 'redis-server' })],
      [
        'a whole namespace, whose accounts are all meant',
        spec({
          target: { selector: undefined, namespace: 'data' },
          serviceAccount: 'default',
        }),
      ],
    ],
    finds: [
      [
        'the account of everybody',
        spec({ serviceAccount: 'default' }),
        ['service-account-default spec.serviceAccount (warning)'],
      ],
    ],
  },
};

/** What a member reaches outside. */
export const egressRows: Golden<
  | 'egress-target'
  | 'egress-entity'
  | 'egress-wide'
  | 'egress-in-cluster'
  | 'egress-ports'
> = {
  'egress-target': {
    passes: [
      ['a host', egress({ fqdn: 'api.example.com' })],
      ['hosts of a domain', egress({ fqdn: '*.example.com' })],
      ['a host with a dot at its end', egress({ fqdn: 'api.example.com.' })],
      ['IPv4', egress({ cidr: '10.0.0.0/8' })],
      ['one address', egress({ cidr: '198.51.100.1/32' })],
      ['IPv6', egress({ cidr: 'fd00::/8' })],
      ['the API server', egress({ entity: 'kube-apiserver' })],
    ],
    finds: [
      ...rows(FQDN, [
        ['a URL', egress({ fqdn: 'https://api.example.com' })],
        ['a port', egress({ fqdn: 'api.example.com:443' })],
        ['a path', egress({ fqdn: 'api.example.com/v1' })],
        ['an address as host', egress({ fqdn: '10.0.0.1' })],
        ['a wildcard inside', egress({ fqdn: 'api.*.example.com' })],
        ['a wildcard in a label', egress({ fqdn: 'api*.example.com' })],
        ['nothing', egress({ fqdn: '' })],
        [
          'a label of 64 letters',
          egress({ fqdn: `${'a'.repeat(64)}.example.com` }),
        ],
      ]),
      ...rows(CIDR, [
        ['no prefix', egress({ cidr: '10.0.0.1' })],
        ['a long prefix', egress({ cidr: '10.0.0.0/33' })],
        ['a long prefix of IPv6', egress({ cidr: 'fd00::/129' })],
        ['a prefix with zeros', egress({ cidr: '10.0.0.0/08' })],
        ['an octet above 255', egress({ cidr: '10.0.0.256/32' })],
        ['an octal octet', egress({ cidr: '010.0.0.0/8' })],
        ['three octets', egress({ cidr: '10.0.0/24' })],
        ['two gaps', egress({ cidr: 'fd00::1::/64' })],
        ['a netmask', egress({ cidr: '10.0.0.0/255.0.0.0' })],
        ['nothing', egress({ cidr: '' })],
      ]),
      [
        'an entity that nobody knows',
        egress({ entity: 'internet' }),
        ['egress-target spec.egress[0].target.entity'],
      ],
    ],
  },
  'egress-entity': {
    passes: [['the API server', egress({ entity: 'kube-apiserver' })]],
    finds: rows(ENTITY, [
      ['everything', egress({ entity: 'all' })],
      ['the cluster', egress({ entity: 'cluster' })],
      ['the node', egress({ entity: 'host' })],
      ['pods without policy', egress({ entity: 'unmanaged' })],
      ['ingress', egress({ entity: 'ingress' })],
    ]),
  },
  'egress-wide': {
    passes: [
      ['hosts of a domain', egress({ fqdn: '*.example.com' })],
      ['an eighth', egress({ cidr: '11.0.0.0/8' })],
      ['all of the unique local addresses', egress({ cidr: 'fc00::/7' })],
    ],
    finds: [
      ...rows(WIDE, [
        ['every host', egress({ fqdn: '*' })],
        ['a top-level domain', egress({ fqdn: '*.com' })],
        ['every address', egress({ cidr: '0.0.0.0/0' })],
        ['half of all addresses', egress({ cidr: '128.0.0.0/1' })],
        ['every IPv6 address', egress({ cidr: '::/0' })],
        ['the global IPv6 addresses', egress({ cidr: '2000::/3' })],
        ['the world', egress({ entity: 'world' })],
        ['the world of IPv4', egress({ entity: 'world-ipv4' })],
        ['the other nodes', egress({ entity: 'remote-node' })],
      ]),
      [
        'the world, for an object of the platform: flagged, not refused',
        { ...PLATFORM, ...egress({ entity: 'world' }) },
        ['egress-wide spec.egress[0].target (warning)'],
      ],
    ],
  },
  'egress-in-cluster': {
    passes: [
      ['a name that only holds svc', egress({ fqdn: 'svc.example.com' })],
    ],
    finds: [
      [
        'a Service',
        egress({ fqdn: 'stock.commerce.svc.cluster.local' }),
        ['egress-in-cluster spec.egress[0].target.fqdn (warning)'],
      ],
      [
        'a Service by its short name',
        egress({ fqdn: 'stock.commerce.svc' }),
        ['egress-in-cluster spec.egress[0].target.fqdn (warning)'],
      ],
    ],
  },
  'egress-ports': {
    passes: [
      ['numbers', egress({ fqdn: 'a.example.com' }, [443, 8443])],
      ['objects', egress({ fqdn: 'a.example.com' }, [{ port: 443 }])],
    ],
    finds: [
      [
        'none',
        egress({ fqdn: 'a.example.com' }, []),
        ['egress-ports spec.egress[0].ports (warning)'],
      ],
    ],
  },
};
