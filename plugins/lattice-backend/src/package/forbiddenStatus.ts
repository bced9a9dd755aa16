import {
  PackageConditions,
  PackageReasons,
  setCondition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { packageStatus, WrittenStatus } from './packageStatus';
import { PackageWorld } from './PackageWorld';

/** The status when an account lacks a right: which, and what to do. */
export function forbiddenStatus(
  world: PackageWorld,
  account: string,
  problem: string,
): WrittenStatus {
  const { metadata } = world.pkg;
  const message = `Account ${account} lacks a right: ${problem}. Run \`lattice enroll ${metadata.namespace}\`, or extend its RoleBinding.`;
  const status = packageStatus(world, {
    kind: 'blocked',
    gate: {
      isOpen: false,
      isStalled: true,
      reason: PackageReasons.AccessDenied,
      message,
    },
  });
  if (metadata.deletionTimestamp === undefined) {
    return status;
  }
  const conditions = setCondition(
    status.conditions,
    {
      type: PackageConditions.DeletionBlocked,
      status: 'True',
      reason: PackageReasons.AccessDenied,
      message,
      observedGeneration: metadata.generation,
    },
    world.now,
  );
  return { ...status, conditions };
}
