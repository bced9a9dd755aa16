import { meshMemberOf } from '../api/meshMember';
import { LatticePackage } from '../api/packageModel';
import { writtenPath } from '../api/writtenPaths';
import { chartChecks } from './chartChecks';
import { checkMember } from './checkMember';
import { packageFieldChecks, packageNameChecks } from './packageNameChecks';
import { secretChecks } from './secretChecks';
import { AdmissionRules, Check, runChecks, Violation } from './violation';

/** The rules for packages, in the order in which they are reported. */
export const PACKAGE_CHECKS: readonly Check<LatticePackage>[] = [
  ...packageNameChecks,
  ...chartChecks,
  ...packageFieldChecks,
  ...secretChecks,
];

/**
 * Holds a package against the admission rules. The webhook, the controllers and the command line ask this one
 * function. An empty list means that nothing is wrong.
 */
export function checkPackage(
  pkg: LatticePackage,
  rules: AdmissionRules,
): Violation[] {
  const pathOf = (path: string) => writtenPath(pkg.writtenPaths, path);
  const member = meshMemberOf(pkg);
  return [
    ...runChecks(PACKAGE_CHECKS, pkg, rules, pathOf),
    ...(member ? checkMember(member, rules) : []).filter(({ path }) =>
      path.startsWith('spec.mesh'),
    ),
  ];
}
