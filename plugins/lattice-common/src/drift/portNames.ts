import { LatticeMember, MemberPort } from '../api/memberModel';
import { InspectedPort } from './chartInspection';
import { portId } from './endpoints';

const PORT_NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
/** What Kubernetes allows for the name of a Service's port. */
const MAX_SERVICE_NAME = 15;
const MAX_NAME = 63;

function isDeclarable(port: InspectedPort): port is InspectedPort & {
  protocol: 'TCP' | 'UDP';
} {
  return port.protocol === 'TCP' || port.protocol === 'UDP';
}

function freeName(
  { name, port, protocol }: InspectedPort,
  taken: ReadonlySet<string>,
  maxLength: number,
): string {
  const isUsable =
    name !== undefined && PORT_NAME.test(name) && name.length <= maxLength;
  const base = isUsable ? name : `port-${port}`;
  const candidates = [
    base,
    `port-${port}`,
    `${protocol.toLowerCase()}-${port}`,
  ];
  const free = candidates.find(one => !taken.has(one));
  if (free !== undefined) {
    return free;
  }
  for (let number = 2; ; number += 1) {
    const numbered = `port-${port}-${number}`;
    if (!taken.has(numbered)) {
      return numbered;
    }
  }
}

/** The ports as a member declares them, Strict and with names of their own; what it cannot declare is left out. */
export function declarePorts(
  ports: readonly InspectedPort[],
  existing: readonly MemberPort[] = [],
  kind: LatticeMember['kind'] = 'LatticeMeshMember',
): MemberPort[] {
  const maxLength = kind === 'LatticeService' ? MAX_SERVICE_NAME : MAX_NAME;
  const taken = new Set(existing.map(({ name }) => name));
  const seen = new Set(existing.map(portId));
  const declared: MemberPort[] = [];
  for (const port of ports) {
    if (isDeclarable(port) && !seen.has(portId(port))) {
      const name = freeName(port, taken, maxLength);
      taken.add(name);
      seen.add(portId(port));
      declared.push({
        port: port.port,
        servicePort: port.port,
        name,
        peerAuth: 'Strict',
        protocol: port.protocol,
      });
    }
  }
  return declared;
}
