import { LatticeMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { effectiveMembers } from './agreement';
import { World } from './types';

/**
 * Declarations that have gone from one world to the next, or that turned to other pods. The pods that they meant run on,
 * and stay closed.
 */
export function departed(before: World, after: World): LatticeMember[] {
  const present = effectiveMembers(after.declared).map(idOf);
  const former = [
    ...(before.departed ?? []),
    ...effectiveMembers(before.declared),
  ].filter(member => !present.includes(idOf(member)));
  return [...new Map(former.map(member => [idOf(member), member])).values()];
}

function idOf({ metadata: { namespace, name }, spec }: LatticeMember): string {
  return JSON.stringify([namespace, name, spec.target]);
}
