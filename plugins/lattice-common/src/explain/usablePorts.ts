import { LatticeMember, MemberPort } from '../api/memberModel';
import { ClusterProfile } from '../policies/ClusterProfile';
import { openPorts } from '../policies/openPorts';

/** The callee's own ports that an agreed caller can use. Asked of the compiler, so that the two cannot disagree. */
export function usablePorts(
  caller: LatticeMember,
  callee: LatticeMember,
  profile: ClusterProfile,
): MemberPort[] {
  return callee.spec.ports.filter(
    port =>
      openPorts(
        caller,
        { ...callee, spec: { ...callee.spec, ports: [port] } },
        profile,
      ).length > 0,
  );
}
