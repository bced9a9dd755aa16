import { LatticeMember, MemberPort, PeerAuth } from '../api/memberModel';
import { ClusterProfile } from './ClusterProfile';

/** A port as the network sees it. */
export interface NetworkPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Port of the mesh's tunnels. */
export const HBONE_PORT: NetworkPort = { port: 15008, protocol: 'TCP' };

/** Whether Istio carries a member's TCP traffic. */
export function isInMesh(
  member: LatticeMember,
  profile: ClusterProfile,
): boolean {
  return member.spec.ambient && profile.engines.istio;
}

/** How a port authenticates; a whole-namespace target cannot have modes per port, so all of its ports are Strict. */
export function portMode(member: LatticeMember, port: MemberPort): PeerAuth {
  return 'namespace' in member.spec.target ? 'Strict' : port.peerAuth;
}

/** Whether mTLS is asked of a port that nothing here can give: it stays closed. */
export function isClosedWithoutEngine(
  member: LatticeMember,
  port: MemberPort,
  profile: ClusterProfile,
): boolean {
  return (
    member.spec.ambient &&
    !profile.engines.istio &&
    profile.mtls === 'required' &&
    port.protocol === 'TCP' &&
    portMode(member, port) === 'Strict'
  );
}

function takesPlainCallers(
  callee: LatticeMember,
  port: MemberPort,
  profile: ClusterProfile,
): boolean {
  // The mesh carries TCP alone; UDP is decided by labels only.
  if (port.protocol === 'UDP') return true;
  const mode = portMode(callee, port);
  if (!callee.spec.ambient) return true;
  if (mode === 'Permissive') return true;
  return (
    mode === 'Strict' &&
    !profile.engines.istio &&
    profile.mtls === 'notRequired'
  );
}

/**
 * The ports that an agreed caller needs open on the way to a callee: the tunnel between two members of the mesh, the
 * callee's own ports otherwise. Both sides' policies are compiled from this one answer.
 */
export function openPorts(
  caller: LatticeMember,
  callee: LatticeMember,
  profile: ClusterProfile,
): NetworkPort[] {
  const tunnelled = isInMesh(caller, profile) && isInMesh(callee, profile);
  const open: NetworkPort[] = [];
  for (const port of callee.spec.ports) {
    if (tunnelled && port.protocol === 'TCP') {
      open.push(HBONE_PORT);
    } else if (takesPlainCallers(callee, port, profile)) {
      open.push({ port: port.port, protocol: port.protocol });
    }
  }
  return sortPorts(open);
}

/** Sorted by number, then protocol, each once. */
export function sortPorts(ports: readonly NetworkPort[]): NetworkPort[] {
  if (ports.length < 2) return [...ports];
  return [...ports]
    .sort(comparePorts)
    .filter(
      (port, index, all) =>
        index === 0 || comparePorts(all[index - 1], port) !== 0,
    );
}

function comparePorts(a: NetworkPort, b: NetworkPort): number {
  if (a.port !== b.port) return a.port - b.port;
  if (a.protocol === b.protocol) return 0;
  return a.protocol < b.protocol ? -1 : 1;
}
