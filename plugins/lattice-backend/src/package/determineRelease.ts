import { PackageReasons } from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { digestLabel, keyIdOf } from '../secrets';
import { isOurs } from './ownership';
import { PackageState } from './PackageState';
import { PackageWorld, WantedRelease } from './PackageWorld';
import {
  LABEL_CHART_KEY,
  LABEL_INTERRUPTED,
  LABEL_VALUES_DIGEST,
  wantedKey,
} from './releaseLabels';

/** Where a package stands whose gates are open: what helm has released against what is wanted. */
export function determineRelease(
  world: PackageWorld,
  releases: readonly ReleaseMetadata[],
): PackageState {
  const { wanted } = world;
  const last: ReleaseMetadata | undefined = releases[0];
  if (!wanted) {
    return { kind: 'unknown', missing: 'secrets' };
  }
  if (!last) {
    return mayAct(world, wanted) ?? { kind: 'absent' };
  }
  if (!isOurs(world, last) && !mayAdopt(world)) {
    return { kind: 'foreign', last, reason: PackageReasons.OwnershipConflict };
  }
  switch (last.status) {
    case 'uninstalled':
      return { kind: 'halfRemoved', last };
    case 'failed':
      return afterFailure(world, wanted, releases);
    default:
      return compare(world, wanted, releases);
  }
}

function afterFailure(
  world: PackageWorld,
  wanted: WantedRelease,
  releases: readonly ReleaseMetadata[],
): PackageState {
  const [last] = releases;
  if (!isWanted(last, wanted)) {
    return mayAct(world, wanted) ?? { kind: 'outOfSync', last };
  }
  const rollbackTo = isInterrupted(last)
    ? undefined
    : rollbackTarget(world, releases);
  return rollbackTo === undefined
    ? mayAct(world, wanted) ?? { kind: 'failed', last }
    : { kind: 'failed', last, rollbackTo };
}

/** What keeps a change from being made now: a gate, or the budget of tries. */
function mayAct(
  world: PackageWorld,
  wanted: WantedRelease,
): PackageState | undefined {
  return beforeActing(world) ?? budgetState(world, wanted);
}

function isWanted(last: ReleaseMetadata, wanted: WantedRelease): boolean {
  return (
    last.labels[LABEL_CHART_KEY] === wanted.chartKey &&
    last.labels[LABEL_VALUES_DIGEST] === digestLabel(wanted.valuesDigest)
  );
}

/** We marked it failed after its process died: it says nothing about the chart. */
function isInterrupted(last: ReleaseMetadata): boolean {
  return last.labels[LABEL_INTERRUPTED] === 'true';
}

function compare(
  world: PackageWorld,
  wanted: WantedRelease,
  releases: readonly ReleaseMetadata[],
): PackageState {
  const [last] = releases;
  if (!isWanted(last, wanted)) {
    return hasLostDigest(world, wanted, last)
      ? { kind: 'unknownDigest', last }
      : mayAct(world, wanted) ?? { kind: 'outOfSync', last };
  }
  if (!world.health) {
    return { kind: 'unknown', missing: 'health' };
  }
  if (world.health.status === 'healthy') {
    return { kind: 'inSync', last };
  }
  const isLate = isPastDeadline(world, last);
  const rollbackTo = isLate
    ? healthyRollbackTarget(world, last, releases)
    : undefined;
  return {
    kind: 'unhealthy',
    last,
    isLate,
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
  };
}

/** A digest under a lost key says nothing: taking it for a difference would upgrade a whole fleet. */
function hasLostDigest(
  world: PackageWorld,
  wanted: WantedRelease,
  last: ReleaseMetadata,
): boolean {
  return (
    isOurs(world, last) &&
    last.labels[LABEL_CHART_KEY] === wanted.chartKey &&
    keyIdOf(last.labels[LABEL_VALUES_DIGEST]) !== keyIdOf(wanted.valuesDigest)
  );
}

/** Gates that matter only when something is about to be changed. */
function beforeActing(world: PackageWorld): PackageState | undefined {
  if (world.dependencies && !world.dependencies.isOpen) {
    return { kind: 'blocked', gate: world.dependencies };
  }
  if (!world.chart) {
    return { kind: 'unknown', missing: 'chart' };
  }
  return world.chart.isOpen
    ? undefined
    : { kind: 'blocked', gate: world.chart };
}

function budgetState(
  world: PackageWorld,
  wanted: WantedRelease,
): PackageState | undefined {
  const { attempts } = world.pkg.status;
  if (!attempts || attempts.key !== wantedKey(world.pkg, wanted)) {
    return undefined;
  }
  const untilMs = attempts.nextRetryAt ? Date.parse(attempts.nextRetryAt) : 0;
  if (world.now.getTime() >= untilMs) {
    return undefined;
  }
  return attempts.count > world.pkg.spec.remediation.retries
    ? { kind: 'exhausted', untilMs }
    : { kind: 'backingOff', untilMs };
}

/** The revision that helm still calls deployed below a failed one. */
function rollbackTarget(
  world: PackageWorld,
  releases: readonly ReleaseMetadata[],
): number | undefined {
  if (!mayRollBack(world)) {
    return undefined;
  }
  const deployed = releases.find(
    it => it.status === 'deployed' && isOurs(world, it),
  );
  return deployed?.revision;
}

function healthyRollbackTarget(
  world: PackageWorld,
  last: ReleaseMetadata,
  releases: readonly ReleaseMetadata[],
): number | undefined {
  const healthy = world.pkg.status.lastHealthyRevision;
  if (
    !mayRollBack(world) ||
    healthy === undefined ||
    healthy >= last.revision
  ) {
    return undefined;
  }
  return releases.some(it => it.revision === healthy && isOurs(world, it))
    ? healthy
    : undefined;
}

/** Never when secrets moved: helm would bring the old ones back. */
function mayRollBack(world: PackageWorld): boolean {
  return (
    world.pkg.spec.remediation.strategy === 'Rollback' &&
    world.haveSecretsMoved !== true
  );
}

function isPastDeadline(world: PackageWorld, last: ReleaseMetadata): boolean {
  const entry = world.pkg.status.history.find(
    it => it.revision === last.revision,
  );
  const since = entry
    ? Date.parse(entry.finishedAt)
    : last.modifiedAt?.getTime();
  const deadlineMs = world.pkg.spec.progressDeadlineSeconds * 1000;
  return since !== undefined && world.now.getTime() - since > deadlineMs;
}

function mayAdopt(world: PackageWorld): boolean {
  return (
    world.pkg.spec.adoption === 'Once' && world.pkg.status.release === undefined
  );
}
