import {
  findCondition,
  PackageConditions,
  PackageReasons,
  packageWithoutMemberMessage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { ConditionList } from './ConditionList';
import { deletionBlock } from './deletionBlock';
import { PackageState } from './PackageState';
import { PackageWorld } from './PackageWorld';
import { releasedReason } from './settleOperation';

/** Sets the condition of every stage that the pass reached. */
export function setStages(
  list: ConditionList,
  world: PackageWorld,
  state: PackageState,
): void {
  list.gate(PackageConditions.Authorized, world.authorization);
  list.gate(PackageConditions.DependenciesReady, world.dependencies);
  list.gate(PackageConditions.SecretsResolved, world.secrets);
  if (world.secrets?.reason === PackageReasons.Stale) {
    // What runs goes on with the last values, but nobody shall take them for fresh.
    list.set(
      PackageConditions.SecretsResolved,
      'False',
      world.secrets.reason,
      world.secrets.message,
    );
  }
  list.gate(PackageConditions.ChartAvailable, world.chart);
  setReleased(list, world, world.releases?.[0]);
  setHealth(list, world, state);
  list.mark(PackageConditions.DeletionBlocked, deletionBlock(state));
  if (state.kind === 'inSync') {
    list.remove(PackageConditions.Remediated);
  }
  if (world.isEnrolled !== undefined) {
    if (world.isEnrolled) {
      list.set(
        PackageConditions.MeshEnrolled,
        'True',
        PackageReasons.Enrolled,
        'A LatticeMeshMember declares the part of this package in the mesh.',
      );
    } else {
      list.set(
        PackageConditions.MeshEnrolled,
        'False',
        PackageReasons.NoMember,
        packageWithoutMemberMessage({
          namespace: world.pkg.spec.targetNamespace,
          name: world.pkg.metadata.name,
        }),
      );
    }
  }
}

function setReleased(
  list: ConditionList,
  world: PackageWorld,
  last: ReleaseMetadata | undefined,
): void {
  const { pkg } = world;
  if (!last || pkg.metadata.deletionTimestamp !== undefined) {
    return;
  }
  const verb = pkg.status.history.find(
    it => it.revision === last.revision,
  )?.verb;
  const known =
    verb === 'upgrade' || verb === 'rollback' || verb === 'install'
      ? verb
      : 'install';
  const before = findCondition(list.conditions, PackageConditions.Released);
  if (last.status === 'deployed') {
    list.set(
      PackageConditions.Released,
      'True',
      releasedReason(known, true),
      `Revision ${last.revision} is deployed.`,
    );
  } else if (last.status === 'failed' && before?.status !== 'False') {
    list.set(
      PackageConditions.Released,
      'False',
      releasedReason(known, false),
      `Revision ${last.revision} failed.`,
    );
  }
}

function setHealth(
  list: ConditionList,
  world: PackageWorld,
  state: PackageState,
): void {
  const { health } = world;
  if (!health) {
    return;
  }
  if (health.status === 'healthy') {
    list.set(
      PackageConditions.Healthy,
      'True',
      PackageReasons.Healthy,
      health.message,
    );
    return;
  }
  const isLate = state.kind === 'unhealthy' && state.isLate;
  const isDegraded = health.status === 'degraded';
  const waitReason = isLate
    ? PackageReasons.HealthTimeout
    : PackageReasons.Progressing;
  list.set(
    PackageConditions.Healthy,
    isDegraded || isLate ? 'False' : 'Unknown',
    isDegraded ? PackageReasons.Degraded : waitReason,
    health.message,
  );
}
