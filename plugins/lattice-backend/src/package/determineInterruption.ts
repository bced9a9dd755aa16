import {
  PackageOperation,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  isPending,
  ReleaseMetadata,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { isOurs } from './ownership';
import { PackageState } from './PackageState';
import { PackageWorld } from './PackageWorld';

/** Grace for an interrupted operation whose record of intent is lost. */
const LOST_INTENT_GRACE_MS = 60_000;
/** Grace for an operation that is not ours: a person's helm may be running. */
const FOREIGN_LOCK_GRACE_MS = 15 * 60_000;

/**
 * The table of recoveries (design of the life cycle). That we hold the Lease proves a previous process dead: its way to
 * the API server was cut before the Lease could lapse, and passes over one package never overlap.
 */
export function determineInterruption(
  world: PackageWorld,
  last: ReleaseMetadata | undefined,
): PackageState | undefined {
  const { operation } = world.pkg.status;
  if (operation) {
    return determineOperation(world, operation, last);
  }
  return last && isPending(last.status)
    ? determineLostIntent(world, last)
    : undefined;
}

function determineOperation(
  world: PackageWorld,
  operation: PackageOperation,
  last: ReleaseMetadata | undefined,
): PackageState {
  const isForeign = last !== undefined && !isOurs(world, last);
  // Helm numbers revisions without a gap: somebody else may have taken the very one that we wanted.
  if (isForeign && last.revision > operation.fromRevision) {
    return { kind: 'foreign', last, reason: PackageReasons.ForeignRevision };
  }
  return last && isPending(last.status) && !isForeign
    ? { kind: 'interrupted', last }
    : { kind: 'unsettled', last };
}

/** The record is locked and nothing tells by whom: the status may have been restored, or a person's helm is running. */
function determineLostIntent(
  world: PackageWorld,
  last: ReleaseMetadata,
): PackageState {
  const isOwn = isOurs(world, last);
  const untilMs =
    (last.modifiedAt?.getTime() ?? 0) +
    (isOwn ? LOST_INTENT_GRACE_MS : FOREIGN_LOCK_GRACE_MS);
  if (world.now.getTime() < untilMs) {
    return { kind: 'locked', untilMs };
  }
  return isOwn
    ? { kind: 'interrupted', last }
    : { kind: 'foreign', last, reason: PackageReasons.OwnershipConflict };
}
