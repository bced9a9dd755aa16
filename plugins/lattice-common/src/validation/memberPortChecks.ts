import { LatticeMember, MemberPort } from '../api/memberModel';
import { PORT_NAME, TUNNEL_PORT } from '../api/schemas/patterns';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;
type Severity = Finding['severity'];

/** The limit of Kubernetes for ports of a Service. */
const MAX_SERVICE_PORT_NAME = 15;

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

function eachPort(
  member: LatticeMember,
  find: (port: MemberPort, index: number) => string | undefined,
  field: string,
  severity: Severity = 'error',
): Finding[] {
  return member.spec.ports.flatMap((port, index) => {
    const message = find(port, index);
    return message
      ? [{ path: `spec.ports[${index}]${field}`, message, severity }]
      : [];
  });
}

/** Ports whose key an earlier port has taken. */
function repeated(
  member: LatticeMember,
  keyOf: (port: MemberPort) => string | number,
): ReadonlySet<MemberPort> {
  const seen = new Set<string | number>();
  return new Set(
    member.spec.ports.filter(port => {
      const key = keyOf(port);
      const isTaken = seen.has(key);
      seen.add(key);
      return isTaken;
    }),
  );
}

const NOT_A_PORT = 'must be a port from 1 to 65535; there are no others';

const range: MemberCheck = {
  rule: 'port-range',
  check: member => [
    ...eachPort(
      member,
      ({ port }) => (isPort(port) ? undefined : NOT_A_PORT),
      '.port',
    ),
    ...eachPort(
      member,
      ({ servicePort }) => (isPort(servicePort) ? undefined : NOT_A_PORT),
      '.servicePort',
    ),
  ],
};

const name: MemberCheck = {
  rule: 'port-name',
  check: member => {
    const max = member.kind === 'LatticeService' ? MAX_SERVICE_PORT_NAME : 63;
    return eachPort(
      member,
      port =>
        PORT_NAME.test(port.name) && port.name.length <= max
          ? undefined
          : `must be lower-case letters, digits and dashes, beginning with a letter, at most ${max}: others refer to the port by it`,
      '.name',
    );
  },
};

const uniqueNumbers: MemberCheck = {
  rule: 'port-unique',
  check: member => {
    // Two ports of a Service may lead to one container port; two declarations of a container port may disagree.
    const isService = member.kind === 'LatticeService';
    const numberOf = (port: MemberPort) =>
      isService ? port.servicePort : port.port;
    const taken = repeated(
      member,
      port => `${numberOf(port)}/${port.protocol}`,
    );
    return eachPort(
      member,
      port =>
        taken.has(port)
          ? `port ${numberOf(
              port,
            )} is declared twice, so one declaration would hide the other: keep one`
          : undefined,
      isService ? '.servicePort' : '.port',
    );
  },
};

const uniqueNames: MemberCheck = {
  rule: 'port-name-unique',
  check: member => {
    const taken = repeated(member, port => port.name);
    return eachPort(
      member,
      port =>
        taken.has(port)
          ? 'is the name of another port of this object, so nobody could tell which is meant: give each port its own name'
          : undefined,
      '.name',
    );
  },
};

const tunnel: MemberCheck = {
  rule: 'port-tunnel',
  check: member =>
    member.spec.ambient
      ? eachPort(
          member,
          ({ port, protocol }) =>
            port === TUNNEL_PORT && protocol === 'TCP'
              ? `${TUNNEL_PORT} is where the mesh itself takes traffic in, so opening it would be about every port: declare the port that the workload listens on`
              : undefined,
          '.port',
        )
      : undefined,
};

const plaintext: MemberCheck = {
  rule: 'port-plaintext',
  check: member =>
    eachPort(
      member,
      port =>
        port.peerAuth === 'Permissive'
          ? 'accepts plaintext, so nobody can tell who is calling: use Strict unless a caller cannot join the mesh'
          : undefined,
      '.peerAuth',
      'warning',
    ),
};

const udp: MemberCheck = {
  rule: 'port-udp',
  check: member =>
    member.spec.ambient
      ? eachPort(
          member,
          port =>
            port.protocol === 'UDP'
              ? 'is not carried by the mesh, so UDP is neither encrypted nor tied to an identity and Cilium alone decides by labels: use TCP where the software can'
              : undefined,
          '.protocol',
          'warning',
        )
      : undefined,
};

const portsForCallers: MemberCheck = {
  rule: 'callers-without-ports',
  check: ({ spec }) =>
    spec.ports.length === 0 &&
    (spec.allowedCallers.length > 0 || spec.allowPeerTraffic)
      ? {
          path: 'spec.ports',
          severity: 'warning',
          message:
            'is empty, so whoever is allowed to call finds nothing open: declare the ports that they may reach',
        }
      : undefined,
};

/** Rules about a member's ports. */
export const memberPortChecks: readonly MemberCheck[] = [
  range,
  name,
  uniqueNumbers,
  uniqueNames,
  tunnel,
  plaintext,
  udp,
  portsForCallers,
];
