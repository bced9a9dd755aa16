import { PackageReasons } from '@lattice-portal/backstage-plugin-lattice-common';
import { PackageState } from './PackageState';

/** What keeps a package from being deleted. */
export function deletionBlock(
  state: PackageState,
): { reason: string; message: string } | undefined {
  if (state.kind === 'held') {
    return {
      reason: PackageReasons.DependentsExist,
      message: `These packages depend on it and must go first: ${listNames(
        state.dependents,
      )}.`,
    };
  }
  return state.kind === 'removing'
    ? {
        reason: PackageReasons.ResourcesRemaining,
        message: `Waiting until these are gone: ${listNames(state.remaining)}.`,
      }
    : undefined;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
