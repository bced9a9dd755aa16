import {
  AdmissionRules,
  checkMember,
  ClusterProfile,
  findMemberProblem,
  KubernetesObject,
  LatticeMember,
  ParseResult,
  parseMember,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';

/**
 * Reads one declaration and holds it against the admission rules again, because the webhook may have been down or
 * the rules younger than the object. Whatever it finds concerns this object alone.
 */
export function readDeclaration(
  object: KubernetesObject,
  rules: AdmissionRules,
  profile: ClusterProfile,
): ParseResult<LatticeMember> {
  const read =
    object.kind === 'LatticeService'
      ? parseService(object)
      : parseMember(object);
  if (!read.ok) return read;
  const errors = checkMember(read.value, rules).filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) {
    return {
      ok: false,
      problems: errors.map(({ path, message }) => ({ path, message })),
    };
  }
  const problem = findMemberProblem(read.value, profile);
  return problem
    ? { ok: false, problems: [{ path: 'spec', message: problem }] }
    : read;
}
