import {
  Condition,
  ConditionStatus,
  findCondition,
  PackageConditions,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { deletionBlock } from './deletionBlock';
import { PackageState } from './PackageState';
import { PackageWorld } from './PackageWorld';

/** What condition Ready says, and whether Reconciling or Stalled hold beside it. */
export interface Summary {
  readonly ready: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly reconciling?: string;
  readonly isStalled?: boolean;
}

type Summaries = {
  readonly [Kind in PackageState['kind']]?: (
    state: Extract<PackageState, { kind: Kind }>,
    world: PackageWorld,
  ) => Summary;
};

const SUMMARIES: Summaries = {
  inSync: ({ last }, world) => ({
    ready: 'True',
    reason: PackageReasons.Succeeded,
    message: `${chartOf(world)} is running (revision ${last.revision}).`,
  }),
  blocked: ({ gate }) => ({
    ready: 'False',
    reason: gate.reason,
    message: gate.message,
    isStalled: gate.isStalled,
  }),
  unhealthy: ({ isLate }, world) => unhealthySummary(world, isLate),
  foreign: ({ last, reason }) => ({
    ready: 'False',
    reason,
    message: `Release ${last.release} in namespace ${last.namespace} (revision ${last.revision}) was not made for this package. Remove it, rename the package, or set spec.adoption: Once.`,
    isStalled: true,
  }),
  exhausted: (_, world) => exhaustedSummary(world),
  backingOff: (_, world) => backingOffSummary(world),
  interrupted: () => recovering(),
  unsettled: () => recovering(),
  locked: () => recovering(),
};

/** Condition Ready and what goes with it, for a state. */
export function summarise(world: PackageWorld, state: PackageState): Summary {
  if (world.pkg.metadata.deletionTimestamp !== undefined) {
    return {
      ready: 'False',
      reason: PackageReasons.Deleting,
      message: deletionBlock(state)?.message ?? 'The package is being removed.',
      reconciling: PackageReasons.Deleting,
    };
  }
  const summary = SUMMARIES[state.kind] as
    | ((state: PackageState, world: PackageWorld) => Summary)
    | undefined;
  return summary
    ? summary(state, world)
    : progressing(`${chartOf(world)} is being installed.`);
}

function chartOf({ pkg }: PackageWorld): string {
  return `${pkg.spec.chart.name} ${pkg.spec.chart.version}`;
}

function progressing(
  message: string,
  reason: string = PackageReasons.Progressing,
): Summary {
  return {
    ready: 'Unknown',
    reason: PackageReasons.Progressing,
    message,
    reconciling: reason,
  };
}

function recovering(): Summary {
  return progressing(
    'An operation was interrupted; its outcome is being cleared up.',
    PackageReasons.RecoveringInterruptedOperation,
  );
}

function exhaustedSummary(world: PackageWorld): Summary {
  const { attempts, conditions } = world.pkg.status;
  return {
    ready: 'False',
    reason: PackageReasons.RetriesExceeded,
    message: `${chartOf(world)} failed ${
      attempts?.count ?? 0
    } times. Change the spec; it is tried again once an hour. ${failureMessage(
      conditions,
    )}`,
    isStalled: true,
  };
}

function backingOffSummary({ pkg }: PackageWorld): Summary {
  const { conditions, attempts } = pkg.status;
  const released = findCondition(conditions, PackageConditions.Released);
  return {
    ready: 'False',
    reason:
      released?.status === 'False'
        ? released.reason
        : PackageReasons.UpgradeFailed,
    message: `It is tried again at ${attempts?.nextRetryAt}. ${failureMessage(
      conditions,
    )}`,
    reconciling: PackageReasons.ProgressingWithRetry,
  };
}

function unhealthySummary(world: PackageWorld, isLate: boolean): Summary {
  const chart = chartOf(world);
  const message = world.health?.message ?? '';
  if (world.health?.status === 'progressing' && !isLate) {
    return progressing(`${chart} is coming up: ${message}.`);
  }
  return {
    ready: 'False',
    reason: isLate ? PackageReasons.HealthTimeout : PackageReasons.Degraded,
    message: `${chart} is not healthy: ${message}.`,
  };
}

/** Only a condition that speaks of the failure itself: after a rollback, Released is true again. */
function failureMessage(conditions: readonly Condition[]): string {
  const released = findCondition(conditions, PackageConditions.Released);
  const remediated = findCondition(conditions, PackageConditions.Remediated);
  return released?.status === 'False'
    ? released.message
    : remediated?.message ?? '';
}
