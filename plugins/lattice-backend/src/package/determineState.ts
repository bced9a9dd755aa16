import {
  LABEL_OWNER_UID,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  isPending,
  ReleaseMetadata,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { digestLabel, keyIdOf } from '../secrets';
import { Gate, PackageWorld, WantedRelease } from './PackageWorld';
import {
  LABEL_CHART_KEY,
  LABEL_INTERRUPTED,
  LABEL_VALUES_DIGEST,
  wantedKey,
} from './releaseLabels';

/** A fact that a pass looks at only when it needs it. */
export type Fact =
  | 'releases'
  | 'authorization'
  | 'dependencies'
  | 'secrets'
  | 'chart'
  | 'health'
  | 'deletion'
  | 'remaining';

type ClosedGate = Extract<Gate, { isOpen: false }>;

/** Where a package stands. Exactly one holds; each leads to exactly one step (`nextStep`). */
export type PackageState =
  | { readonly kind: 'unknown'; readonly missing: Fact }
  | { readonly kind: 'gone' }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'blocked'; readonly gate: ClosedGate }
  | { readonly kind: 'unclaimed' }
  /** An operation of ours ended before we could note how. */
  | { readonly kind: 'unsettled'; readonly last: ReleaseMetadata | undefined }
  /** Helm's lock is held by nobody that lives. */
  | { readonly kind: 'interrupted'; readonly last: ReleaseMetadata }
  /** Helm's lock may be held by somebody else. */
  | { readonly kind: 'locked'; readonly untilMs: number }
  | {
      readonly kind: 'foreign';
      readonly last: ReleaseMetadata;
      readonly reason: string;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'halfRemoved'; readonly last: ReleaseMetadata }
  | { readonly kind: 'outOfSync'; readonly last: ReleaseMetadata }
  | {
      readonly kind: 'failed';
      readonly last: ReleaseMetadata;
      readonly rollbackTo?: number;
    }
  | { readonly kind: 'backingOff'; readonly untilMs: number }
  /** The budget is spent: only a slow probe goes on. */
  | { readonly kind: 'exhausted'; readonly untilMs: number }
  | { readonly kind: 'unknownDigest'; readonly last: ReleaseMetadata }
  | { readonly kind: 'inSync'; readonly last: ReleaseMetadata }
  | {
      readonly kind: 'unhealthy';
      readonly last: ReleaseMetadata;
      readonly isLate: boolean;
      readonly rollbackTo?: number;
    }
  | { readonly kind: 'held'; readonly dependents: readonly string[] }
  | { readonly kind: 'removable'; readonly last: ReleaseMetadata }
  | { readonly kind: 'removing'; readonly remaining: readonly string[] }
  | { readonly kind: 'removed'; readonly last?: ReleaseMetadata };

/** Grace for an interrupted operation whose record of intent is lost. */
const LOST_INTENT_GRACE_MS = 60_000;
/** Grace for an operation that is not ours: a person's helm may be running. */
const FOREIGN_LOCK_GRACE_MS = 15 * 60_000;

/** Pure: the same world always gives the same state. */
export function determineState(world: PackageWorld): PackageState {
  if (world.pkg.metadata.deletionTimestamp !== undefined) {
    return determineDeletion(world);
  }
  if (!world.admission.isOpen) {
    return { kind: 'blocked', gate: world.admission };
  }
  if (world.pkg.spec.suspend) {
    return { kind: 'suspended' };
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

function determineDeletion(world: PackageWorld): PackageState {
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
  if (!last || !isOurs(world, last)) {
    return { kind: 'removed' };
  }
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

/**
 * The table of recoveries (design of the life cycle). That we hold the Lease proves a previous process dead: its way to
 * the API server was cut before the Lease could lapse, and passes over one package never overlap.
 */
function determineInterruption(
  world: PackageWorld,
  last: ReleaseMetadata | undefined,
): PackageState | undefined {
  const { operation } = world.pkg.status;
  if (operation) {
    if (
      last &&
      last.revision >
        Math.max(operation.expectedRevision, operation.fromRevision)
    ) {
      return isOurs(world, last)
        ? { kind: 'unsettled', last }
        : { kind: 'foreign', last, reason: PackageReasons.ForeignRevision };
    }
    return last && isPending(last.status)
      ? { kind: 'interrupted', last }
      : { kind: 'unsettled', last };
  }
  if (!last) {
    return undefined;
  }
  if (isPending(last.status)) {
    const since = last.modifiedAt?.getTime() ?? 0;
    const grace = isOurs(world, last)
      ? LOST_INTENT_GRACE_MS
      : FOREIGN_LOCK_GRACE_MS;
    const untilMs = since + grace;
    if (world.now.getTime() < untilMs) {
      return { kind: 'locked', untilMs };
    }
    return isOurs(world, last)
      ? { kind: 'interrupted', last }
      : { kind: 'foreign', last, reason: PackageReasons.OwnershipConflict };
  }
  return undefined;
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

function determineRelease(
  world: PackageWorld,
  releases: readonly ReleaseMetadata[],
): PackageState {
  const { wanted } = world;
  if (!wanted) {
    return { kind: 'unknown', missing: 'secrets' };
  }
  const last: ReleaseMetadata | undefined = releases[0];
  if (!last) {
    return (
      beforeActing(world) ?? budgetState(world, wanted) ?? { kind: 'absent' }
    );
  }
  if (last.status === 'uninstalled' && isOurs(world, last)) {
    return { kind: 'halfRemoved', last };
  }
  if (!isOurs(world, last) && !mayAdopt(world)) {
    return { kind: 'foreign', last, reason: PackageReasons.OwnershipConflict };
  }
  if (last.status === 'failed' && isWanted(last, wanted)) {
    const rollbackTo = isInterrupted(last)
      ? undefined
      : rollbackTarget(world, releases);
    return rollbackTo === undefined
      ? beforeActing(world) ??
          budgetState(world, wanted) ?? { kind: 'failed', last }
      : { kind: 'failed', last, rollbackTo };
  }
  if (last.status === 'failed') {
    return (
      beforeActing(world) ??
      budgetState(world, wanted) ?? { kind: 'outOfSync', last }
    );
  }
  return compare(world, wanted, last, releases);
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
  last: ReleaseMetadata,
  releases: readonly ReleaseMetadata[],
): PackageState {
  if (!isWanted(last, wanted)) {
    const isSameChart = last.labels[LABEL_CHART_KEY] === wanted.chartKey;
    const keyId = keyIdOf(last.labels[LABEL_VALUES_DIGEST]);
    // A digest under a lost key says nothing: taking it for a difference would upgrade a whole fleet.
    return isSameChart &&
      isOurs(world, last) &&
      keyId !== keyIdOf(wanted.valuesDigest)
      ? { kind: 'unknownDigest', last }
      : beforeActing(world) ??
          budgetState(world, wanted) ?? { kind: 'outOfSync', last };
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

function isOurs(world: PackageWorld, release: ReleaseMetadata): boolean {
  return (
    world.pkg.metadata.uid !== undefined &&
    release.labels[LABEL_OWNER_UID] === world.pkg.metadata.uid
  );
}
