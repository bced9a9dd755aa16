import { LatticeMember } from '../api/memberModel';
import { ObjectKey } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import { writtenPath } from '../api/writtenPaths';
import { RuleId, ruleLink } from './ruleIds';
import { Violation } from './violation';

/** A violation that concerns how objects fit together, and the object whose owner must act. */
export interface FleetViolation extends Violation {
  readonly kind: 'LatticePackage' | 'LatticeMeshMember' | 'LatticeService';
  readonly object: ObjectKey;
}

/** What is found of an object, with its path in the normalised model. */
export type FleetFinding = Pick<
  FleetViolation,
  'severity' | 'path' | 'message'
> & { readonly rule: RuleId };

/** A finding that the owner of a package must act on. */
export function onPackage(
  pkg: LatticePackage,
  finding: FleetFinding,
): FleetViolation {
  return {
    ...finding,
    path: writtenPath(pkg.writtenPaths, finding.path),
    link: ruleLink(finding.rule),
    kind: 'LatticePackage',
    object: pkg.metadata,
  };
}

/** A finding that the owner of a member must act on; that of a `mesh` block is the package's. */
export function onMember(
  member: LatticeMember,
  finding: FleetFinding,
): FleetViolation {
  return {
    ...finding,
    path: writtenPath(member.writtenPaths, finding.path),
    link: ruleLink(finding.rule),
    kind: member.kind,
    object: member.metadata,
  };
}
