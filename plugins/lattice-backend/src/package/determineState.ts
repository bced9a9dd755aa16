import { determineDeletion } from './determineDeletion';
import { determineInterruption } from './determineInterruption';
import { determineRelease } from './determineRelease';
import { PackageState } from './PackageState';
import { PackageWorld } from './PackageWorld';

/** Pure: the same world always gives the same state. */
export function determineState(world: PackageWorld): PackageState {
  if (world.pkg.metadata.deletionTimestamp !== undefined) {
    return determineDeletion(world);
  }
  if (!world.admission.isOpen) {
    return { kind: 'blocked', gate: world.admission };
  }
  if (world.pkg.spec.suspend) {
    // Looked at all the same: a permit that was taken away stops the refresh of secrets, suspended or not.
    return world.authorization
      ? { kind: 'suspended' }
      : { kind: 'unknown', missing: 'authorization' };
  }
  if (!world.releases) {
    return { kind: 'unknown', missing: 'releases' };
  }
  return (
    determineInterruption(world, world.releases[0]) ??
    determineGates(world) ??
    determineRelease(world, world.releases)
  );
}

function determineGates(world: PackageWorld): PackageState | undefined {
  if (!world.authorization) {
    return { kind: 'unknown', missing: 'authorization' };
  }
  if (!world.authorization.isOpen) {
    return { kind: 'blocked', gate: world.authorization };
  }
  if (!world.dependencies) {
    return { kind: 'unknown', missing: 'dependencies' };
  }
  if (!world.hasFinalizer) {
    return { kind: 'unclaimed' };
  }
  if (!world.secrets) {
    return { kind: 'unknown', missing: 'secrets' };
  }
  return world.secrets.isOpen
    ? undefined
    : { kind: 'blocked', gate: world.secrets };
}
