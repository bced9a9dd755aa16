import { LatticeMember } from '../api/memberModel';
import { AgreementGraph } from '../graph/AgreementGraph';

/**
 * A declaration whose external services are egress like any other. One of a key that somebody declares is none: what
 * goes there is an agreement's business.
 */
export function withExternals(
  graph: AgreementGraph,
  member: LatticeMember,
): LatticeMember {
  const { externals } = member.spec;
  if (!externals) return member;
  const outside = externals.filter(external => !graph.get(external));
  if (outside.length === 0) return member;
  const egress = outside.flatMap(external => external.egress);
  return {
    ...member,
    spec: { ...member.spec, egress: [...member.spec.egress, ...egress] },
  };
}
