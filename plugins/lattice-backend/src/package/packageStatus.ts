import { isDeepStrictEqual } from 'node:util';
import {
  derivePhase,
  PackageConditions,
  PackageStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ConditionList } from './ConditionList';
import { PackageState } from './PackageState';
import { PackageWorld } from './PackageWorld';
import { summarise } from './readySummary';
import { setStages } from './stageConditions';

/** Status as it is written, with what only people read. */
export interface WrittenStatus extends PackageStatus {
  readonly suspended?: boolean;
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

/** Whether a status needs writing: equal apart from what is absent in both. */
export function isSameStatus(before: unknown, after: WrittenStatus): boolean {
  return isDeepStrictEqual(plain(before ?? {}), plain(after));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
