import {
  LatticeMember,
  MemberTarget,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Two members of one namespace that the engines may not be able to tell apart. */
export interface IdentityConflict {
  readonly kind: 'account' | 'selector';
  /** Name of the other member. */
  readonly other: string;
}

/** Compares a member with the others of its namespace. */
export function findIdentityConflicts(
  member: LatticeMember,
  others: readonly LatticeMember[],
): IdentityConflict[] {
  return others
    .filter(other => other.metadata.name !== member.metadata.name)
    .flatMap(other => conflictWith(member, other));
}

function conflictWith(
  member: LatticeMember,
  other: LatticeMember,
): IdentityConflict[] {
  const conflicts: IdentityConflict[] = [];
  const sharesAccount =
    member.spec.serviceAccount === other.spec.serviceAccount &&
    member.spec.ambient &&
    other.spec.ambient;
  if (sharesAccount)
    conflicts.push({ kind: 'account', other: other.metadata.name });
  if (mayOverlap(member.spec.target, other.spec.target))
    conflicts.push({ kind: 'selector', other: other.metadata.name });
  return conflicts;
}

/** Two selectors may meet in one pod unless they ask for different values of one label. */
function mayOverlap(a: MemberTarget, b: MemberTarget): boolean {
  if (!('selector' in a) || !('selector' in b)) return true;
  return Object.entries(a.selector).every(
    ([key, value]) => (b.selector[key] ?? value) === value,
  );
}
