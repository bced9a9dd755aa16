import { isDeepStrictEqual } from 'node:util';
import {
  Condition,
  ConditionStatus,
  derivePhase,
  findCondition,
  PackageConditions,
  PackageConditionType,
  PackageReasons,
  packageWithoutMemberMessage,
  PackageStatus,
  removeCondition,
  setCondition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { PackageState } from './determineState';
import { Gate, PackageWorld } from './PackageWorld';
import { releasedReason } from './settleOperation';

/** Status as it is written, with what only people read. */
export interface WrittenStatus extends PackageStatus {
  readonly suspended?: boolean;
}

interface Summary {
  readonly ready: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly reconciling?: string;
  readonly isStalled?: boolean;
}

/** Conditions being composed: one writer, one generation, one time. */
class ConditionList {
  constructor(
    public conditions: readonly Condition[],
    private readonly generation: number | undefined,
    private readonly now: Date,
  ) {}

  set(
    type: PackageConditionType,
    status: ConditionStatus,
    reason: string,
    message: string,
  ): void {
    this.conditions = setCondition(
      this.conditions,
      {
        type,
        status,
        reason,
        message,
        ...(this.generation === undefined
          ? {}
          : { observedGeneration: this.generation }),
      },
      this.now,
    );
  }

  gate(type: PackageConditionType, gate: Gate | undefined): void {
    if (gate) {
      this.set(type, gate.isOpen ? 'True' : 'False', gate.reason, gate.message);
    }
  }

  remove(type: PackageConditionType): void {
    this.conditions = removeCondition(this.conditions, type);
  }

  /** Sets an abnormal condition while it holds, and takes it away when not. */
  mark(
    type: PackageConditionType,
    holds: { reason: string; message: string } | undefined,
  ): void {
    if (holds) {
      this.set(type, 'True', holds.reason, holds.message);
    } else {
      this.remove(type);
    }
  }
}

/**
 * The status that says where a package stands. Pure: conditions are made anew from what the pass saw, those that it
 * did not reach keep their word. Equal worlds give equal statuses, so that a pass that changes nothing writes nothing.
 */
export function packageStatus(
  world: PackageWorld,
  state: PackageState,
): WrittenStatus {
  const { pkg, now } = world;
  const { metadata, status } = pkg;
  if (state.kind === 'suspended') {
    return { ...status, suspended: true };
  }
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const list = new ConditionList(status.conditions, metadata.generation, now);
  setStages(list, world, state);
  const summary = summarise(world, state);
  list.set(
    PackageConditions.Ready,
    summary.ready,
    summary.reason,
    summary.message,
  );
  list.mark(
    PackageConditions.Reconciling,
    summary.reconciling === undefined
      ? undefined
      : { reason: summary.reconciling, message: summary.message },
  );
  list.mark(
    PackageConditions.Stalled,
    summary.isStalled
      ? { reason: summary.reason, message: summary.message }
      : undefined,
  );
  const isSettled = summary.ready === 'True' || summary.isStalled === true;
  const { attempts, lastHealthyRevision, ...rest } = status;
  const isInSync = state.kind === 'inSync';
  return {
    ...rest,
    ...(attempts && !isInSync ? { attempts } : {}),
    ...healthyRevision(state, lastHealthyRevision),
    observedGeneration: isSettled
      ? metadata.generation ?? status.observedGeneration
      : status.observedGeneration,
    conditions: list.conditions,
    phase: derivePhase(list.conditions, isDeleting),
  };
}

function healthyRevision(
  state: PackageState,
  before: number | undefined,
): { lastHealthyRevision?: number } {
  const revision = state.kind === 'inSync' ? state.last.revision : before;
  return revision === undefined ? {} : { lastHealthyRevision: revision };
}

function setStages(
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
  list.set(
    PackageConditions.Healthy,
    isDegraded || isLate ? 'False' : 'Unknown',
    isDegraded
      ? PackageReasons.Degraded
      : isLate
      ? PackageReasons.HealthTimeout
      : PackageReasons.Progressing,
    health.message,
  );
}

function deletionBlock(
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

function summarise(world: PackageWorld, state: PackageState): Summary {
  const { pkg } = world;
  const chart = `${pkg.spec.chart.name} ${pkg.spec.chart.version}`;
  const progressing = (
    message: string,
    reason: string = PackageReasons.Progressing,
  ): Summary => ({
    ready: 'Unknown',
    reason: PackageReasons.Progressing,
    message,
    reconciling: reason,
  });
  if (pkg.metadata.deletionTimestamp !== undefined) {
    return {
      ready: 'False',
      reason: PackageReasons.Deleting,
      message: deletionBlock(state)?.message ?? 'The package is being removed.',
      reconciling: PackageReasons.Deleting,
    };
  }
  switch (state.kind) {
    case 'inSync':
      return {
        ready: 'True',
        reason: PackageReasons.Succeeded,
        message: `${chart} is running (revision ${state.last.revision}).`,
      };
    case 'blocked':
      return {
        ready: 'False',
        reason: state.gate.reason,
        message: state.gate.message,
        isStalled: state.gate.isStalled,
      };
    case 'unhealthy':
      return unhealthySummary(world, state.isLate, chart);
    case 'foreign':
      return {
        ready: 'False',
        reason: state.reason,
        message: `Release ${state.last.release} in namespace ${state.last.namespace} (revision ${state.last.revision}) was not made for this package. Remove it, rename the package, or set spec.adoption: Once.`,
        isStalled: true,
      };
    case 'exhausted':
      return {
        ready: 'False',
        reason: PackageReasons.RetriesExceeded,
        message: `${chart} failed ${
          pkg.status.attempts?.count ?? 0
        } times: ${failureMessage(
          pkg.status.conditions,
        )} Change the spec; it is tried again once an hour.`,
        isStalled: true,
      };
    case 'backingOff':
      return {
        ready: 'False',
        reason:
          findCondition(pkg.status.conditions, PackageConditions.Released)
            ?.reason ?? PackageReasons.UpgradeFailed,
        message: `${failureMessage(
          pkg.status.conditions,
        )} It is tried again at ${pkg.status.attempts?.nextRetryAt}.`,
        reconciling: PackageReasons.ProgressingWithRetry,
      };
    case 'interrupted':
    case 'unsettled':
    case 'locked':
      return progressing(
        'An operation was interrupted; its outcome is being cleared up.',
        PackageReasons.RecoveringInterruptedOperation,
      );
    default:
      return progressing(`${chart} is being installed.`);
  }
}

function unhealthySummary(
  world: PackageWorld,
  isLate: boolean,
  chart: string,
): Summary {
  const message = world.health?.message ?? '';
  if (world.health?.status === 'progressing' && !isLate) {
    return {
      ready: 'Unknown',
      reason: PackageReasons.Progressing,
      message: `${chart} is coming up: ${message}.`,
      reconciling: PackageReasons.Progressing,
    };
  }
  return {
    ready: 'False',
    reason: isLate ? PackageReasons.HealthTimeout : PackageReasons.Degraded,
    message: `${chart} is not healthy: ${message}.`,
  };
}

function failureMessage(conditions: readonly Condition[]): string {
  return (
    findCondition(conditions, PackageConditions.Released)?.message ??
    'The last try failed.'
  );
}

/** Whether a status needs writing: equal apart from what is absent in both. */
export function isSameStatus(before: unknown, after: WrittenStatus): boolean {
  return isDeepStrictEqual(plain(before ?? {}), plain(after));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
