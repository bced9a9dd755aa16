import { LatticeMember, MemberPort } from '../api/memberModel';
import { Check, Finding } from './violation';

type MemberCheck = Check<LatticeMember>;

const PORT_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

function eachPort(
  member: LatticeMember,
  find: (port: MemberPort, index: number) => string | undefined,
  field: string,
  severity: 'error' | 'warning' = 'error',
): Finding[] {
  return member.spec.ports.flatMap((port, index) => {
    const message = find(port, index);
    return message
      ? [{ path: `spec.ports[${index}]${field}`, message, severity }]
      : [];
  });
}

const range: MemberCheck = {
  rule: 'port-range',
  check: member => [
    ...eachPort(
      member,
      ({ port }) =>
        isPort(port) ? undefined : 'must be a port from 1 to 65535',
      '.port',
    ),
    ...eachPort(
      member,
      ({ servicePort }) =>
        isPort(servicePort) ? undefined : 'must be a port from 1 to 65535',
      '.servicePort',
    ),
  ],
};

const name: MemberCheck = {
  rule: 'port-name',
  check: member =>
    eachPort(
      member,
      port =>
        PORT_NAME.test(port.name)
          ? undefined
          : 'must be lower-case letters, digits and dashes, beginning with a letter, at most 63',
      '.name',
    ),
};

const uniqueNumbers: MemberCheck = {
  rule: 'port-unique',
  check: member =>
    eachPort(
      member,
      (port, index) =>
        member.spec.ports.findIndex(
          other => other.port === port.port && other.protocol === port.protocol,
        ) < index
          ? `port ${port.port} is declared twice, so one declaration would hide the other: keep one`
          : undefined,
      '.port',
    ),
};

const uniqueNames: MemberCheck = {
  rule: 'port-name-unique',
  check: member =>
    eachPort(
      member,
      (port, index) =>
        member.spec.ports.findIndex(other => other.name === port.name) < index
          ? 'is the name of another port of this object: give each port its own name'
          : undefined,
      '.name',
    ),
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

/** Rules about a member's ports. */
export const memberPortChecks: readonly MemberCheck[] = [
  range,
  name,
  uniqueNumbers,
  uniqueNames,
  plaintext,
];
