import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { isOurs } from './ownership';
import { PackageState } from './PackageState';
import { DeletionFacts, PackageWorld } from './PackageWorld';

/**
 * Where a package stands that is being deleted. It needs the release records alone: no chart, no values, no permit, so
 * that nothing that is gone already can keep it.
 */
export function determineDeletion(world: PackageWorld): PackageState {
  const { pkg, releases, deletion } = world;
  if (!world.hasFinalizer) {
    return { kind: 'gone' };
  }
  if (pkg.spec.deletionPolicy === 'Orphan' || world.namespace.isTerminating) {
    return { kind: 'removed' };
  }
  if (!deletion) {
    return { kind: 'unknown', missing: 'deletion' };
  }
  if (deletion.dependents.length > 0) {
    return {
      kind: 'held',
      dependents: deletion.dependents.map(it => `${it.namespace}/${it.name}`),
    };
  }
  if (!releases) {
    return { kind: 'unknown', missing: 'releases' };
  }
  const last = releases[0];
  return !last || !isOurs(world, last)
    ? { kind: 'removed' }
    : determineRemoval(deletion, last);
}

function determineRemoval(
  deletion: DeletionFacts,
  last: ReleaseMetadata,
): PackageState {
  if (last.status !== 'uninstalled') {
    return { kind: 'removable', last };
  }
  if (!deletion.remaining) {
    return { kind: 'unknown', missing: 'remaining' };
  }
  return deletion.remaining.length > 0
    ? { kind: 'removing', remaining: deletion.remaining }
    : { kind: 'removed', last };
}
