import { Patch } from '../manifests';
import { Golden } from './types';

const spec = (fields: Patch): Patch => ({ spec: fields });
const ports = (...list: Patch[]): Patch => spec({ ports: list });

/** What is open. `port-range` and LatticeServices have their rows in the test: no schema lets them get here. */
export const portRows: Golden<
  | 'port-name'
  | 'port-unique'
  | 'port-name-unique'
  | 'port-tunnel'
  | 'port-plaintext'
  | 'port-udp'
  | 'callers-without-ports'
> = {
  'port-name': {
    passes: [
      ['63 characters', ports({ port: 1, name: 'a'.repeat(63) })],
      ['digits and dashes', ports({ port: 1, name: 'http-2' })],
    ],
    finds: [
      [
        'a digit first',
        ports({ port: 1, name: '1a' }),
        ['port-name spec.ports[0].name'],
      ],
      [
        'capitals',
        ports({ port: 1, name: 'Http' }),
        ['port-name spec.ports[0].name'],
      ],
      [
        'nothing',
        ports({ port: 1, name: '' }),
        ['port-name spec.ports[0].name'],
      ],
      [
        'a dash last',
        ports({ port: 1, name: 'a-' }),
        ['port-name spec.ports[0].name'],
      ],
      [
        'a port of a mesh block, where it was written',
        ports({ port: 1, name: 'a_b' }),
        ['port-name spec.ports[0].name'],
      ],
    ],
  },
  'port-unique': {
    passes: [
      ['two ports', ports({ port: 1, name: 'a' }, { port: 2, name: 'b' })],
    ],
    finds: [
      [
        'a port twice',
        ports({ port: 1, name: 'a' }, { port: 1, name: 'b' }),
        ['port-unique spec.ports[1].port'],
      ],
      [
        'a port twice, once written out as TCP',
        ports({ port: 1, name: 'a' }, { port: 1, name: 'b', protocol: 'TCP' }),
        ['port-unique spec.ports[1].port'],
      ],
    ],
  },
  'port-name-unique': {
    passes: [
      ['two names', ports({ port: 1, name: 'a' }, { port: 2, name: 'a2' })],
    ],
    finds: [
      [
        'a name twice',
        ports({ port: 1, name: 'a' }, { port: 2, name: 'a' }),
        ['port-name-unique spec.ports[1].name'],
      ],
    ],
  },
  'port-tunnel': {
    passes: [
      [
        'the port outside the mesh',
        spec({ ambient: false, ports: [{ port: 15008, name: 'a' }] }),
      ],
      ['the next port', ports({ port: 15009, name: 'a' })],
    ],
    finds: [
      [
        'the port of the tunnel',
        ports({ port: 15008, name: 'a' }),
        ['port-tunnel spec.ports[0].port'],
      ],
    ],
  },
  'port-plaintext': {
    passes: [
      ['Strict', ports({ port: 1, name: 'a', peerAuth: 'Strict' })],
      ['Webhook', ports({ port: 1, name: 'a', peerAuth: 'Webhook' })],
    ],
    finds: [
      [
        'Permissive',
        ports({ port: 1, name: 'a', peerAuth: 'Permissive' }),
        ['port-plaintext spec.ports[0].peerAuth (warning)'],
      ],
    ],
  },
  'port-udp': {
    passes: [
      [
        'UDP outside the mesh',
        spec({
          ambient: false,
          ports: [{ port: 1, name: 'a', protocol: 'UDP' }],
        }),
      ],
    ],
    finds: [
      [
        'a port for both protocols',
        ports(
          { port: 53, name: 'a' },
          { port: 53, name: 'b', protocol: 'UDP' },
        ),
        ['port-udp spec.ports[1].protocol (warning)'],
      ],
    ],
  },
  'callers-without-ports': {
    passes: [
      ['neither ports nor callers', spec({ ports: [] })],
      ['no ports at all', spec({ ports: undefined })],
    ],
    finds: [
      [
        'a caller and no port',
        spec({ ports: [], allowedCallers: ['a'] }),
        ['callers-without-ports spec.ports (warning)'],
      ],
      [
        'peers and no port',
        spec({ ports: undefined, allowPeerTraffic: true }),
        ['callers-without-ports spec.ports (warning)'],
      ],
    ],
  },
};
