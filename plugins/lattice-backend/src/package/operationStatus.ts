import {
  derivePhase,
  findCondition,
  LatticePackage,
  PackageConditions,
  PackageHistoryEntry,
  PackageOperation,
  PackageReasons,
  removeCondition,
  setCondition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ReleaseMetadata,
  ReleaseRecord,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { SecretSource } from '../secrets';
import { HelmAnswer } from './HelmOperator';
import { isOurs } from './ownership';
import { WrittenStatus } from './packageStatus';
import { PackageWorld } from './PackageWorld';
import { inventoryEntries, inventoryOf } from './releaseInventory';
import { wantedKey } from './releaseLabels';
import {
  judgeOperation,
  OperationOutcome,
  releasedReason,
  spendTry,
  withHistory,
} from './settleOperation';

const INTENTIONS = {
  install: 'The release is being installed.',
  upgrade: 'The release is being upgraded.',
  rollback: 'The release is being rolled back.',
  uninstall: 'The release is being removed.',
} as const;

/** The status that says what is about to be done: written before helm starts, with Ready taken back in the same write. */
export function intendedStatus(
  world: PackageWorld,
  status: WrittenStatus,
  intent: { readonly operation: PackageOperation; readonly spendsTry: boolean },
): WrittenStatus {
  const { pkg, now, wanted } = world;
  const message = INTENTIONS[intent.operation.verb];
  const isDeleting = pkg.metadata.deletionTimestamp !== undefined;
  const conditions = isDeleting
    ? status.conditions
    : reconciling(world, status.conditions, message);
  return {
    ...status,
    operation: intent.operation,
    conditions,
    phase: derivePhase(conditions, isDeleting),
    ...(intent.spendsTry && wanted
      ? { attempts: spendTry(pkg, wantedKey(pkg, wanted), now) }
      : {}),
  };
}

function reconciling(
  { pkg, now }: PackageWorld,
  before: WrittenStatus['conditions'],
  message: string,
): WrittenStatus['conditions'] {
  const shared = { message, observedGeneration: pkg.metadata.generation };
  const withReady = setCondition(
    removeCondition(before, PackageConditions.Stalled),
    {
      type: PackageConditions.Ready,
      status: 'Unknown',
      reason: PackageReasons.Progressing,
      ...shared,
    },
    now,
  );
  return setCondition(
    withReady,
    {
      type: PackageConditions.Reconciling,
      status: 'True',
      reason: PackageReasons.Progressing,
      ...shared,
    },
    now,
  );
}

/** How an operation ended, with everything that its record tells. */
export interface EndedOperation {
  readonly last: ReleaseMetadata | undefined;
  readonly record: ReleaseRecord | undefined;
  /** What helm said; absent when our process died in between. */
  readonly answer: HelmAnswer | undefined;
  readonly digest: string | undefined;
  readonly sources: readonly SecretSource[];
}

/** The status after an operation, by what the release records say. */
export function settledStatus(
  world: PackageWorld,
  status: WrittenStatus,
  ended: EndedOperation,
): WrittenStatus {
  const { operation } = world.pkg.status;
  if (!operation) {
    return status;
  }
  const outcome = judgeOperation(
    operation,
    ownRevision(world, operation, ended.last),
    ended.answer !== undefined,
  );
  if (outcome.kind === 'pending') {
    return status;
  }
  const { operation: _done, ...settled } = status;
  if (outcome.kind === 'notStarted') {
    return settled;
  }
  if (operation.verb === 'uninstall') {
    return outcome.kind === 'succeeded'
      ? settled
      : withReleased(world, settled, operation, ended.answer);
  }
  const noted =
    outcome.kind === 'refused'
      ? settled
      : noteRevision(world, settled, { operation, outcome, ended });
  if (outcome.kind === 'succeeded') {
    return operation.verb === 'rollback' ? withRemediated(world, noted) : noted;
  }
  return withReleased(world, spent(world, noted), operation, ended.answer);
}

/** A revision that somebody else made after ours began says nothing about ours. */
function ownRevision(
  world: PackageWorld,
  operation: PackageOperation,
  last: ReleaseMetadata | undefined,
): ReleaseMetadata | undefined {
  return last && last.revision > operation.fromRevision && !isOurs(world, last)
    ? undefined
    : last;
}

function spent(world: PackageWorld, status: WrittenStatus): WrittenStatus {
  const { pkg, now, wanted } = world;
  const key = wanted ? wantedKey(pkg, wanted) : pkg.status.attempts?.key;
  return key === undefined
    ? status
    : { ...status, attempts: spendTry(pkg, key, now) };
}

function noteRevision(
  { pkg, now }: PackageWorld,
  status: WrittenStatus,
  {
    operation,
    outcome,
    ended,
  }: {
    operation: PackageOperation;
    outcome: Extract<OperationOutcome, { revision: number }>;
    ended: EndedOperation;
  },
): WrittenStatus {
  const { record } = ended;
  const metadata = record?.chart?.metadata;
  const { targetNamespace } = pkg.spec;
  const digest =
    operation.verb === 'rollback' || ended.digest === undefined
      ? {}
      : { digest: ended.digest };
  const chart = {
    name: metadata?.name ?? pkg.spec.chart.name,
    version: metadata?.version ?? pkg.spec.chart.version,
    ...(metadata?.appVersion ? { appVersion: metadata.appVersion } : {}),
    ...digest,
  };
  const entry: PackageHistoryEntry = {
    revision: outcome.revision,
    verb: operation.verb,
    chart: chart.name,
    version: chart.version,
    ...(chart.appVersion ? { appVersion: chart.appVersion } : {}),
    ...digest,
    status: outcome.kind === 'succeeded' ? 'deployed' : 'failed',
    finishedAt: now.toISOString(),
  };
  const inventory = record ? inventoryOf(record.manifest, targetNamespace) : [];
  return {
    ...status,
    release: {
      name: pkg.metadata.name,
      namespace: targetNamespace,
      revision: outcome.revision,
    },
    ...(outcome.kind === 'succeeded'
      ? { chart, inventory: inventoryEntries(inventory) }
      : {}),
    history: withHistory(status.history, entry),
    ...(ended.sources.length > 0 && outcome.kind === 'succeeded'
      ? { secrets: ended.sources }
      : {}),
  };
}

function withReleased(
  { pkg, now }: PackageWorld,
  status: WrittenStatus,
  operation: PackageOperation,
  answer: HelmAnswer | undefined,
): WrittenStatus {
  const conditions = setCondition(
    status.conditions,
    {
      type: PackageConditions.Released,
      status: 'False',
      reason: releasedReason(operation.verb, false),
      message: answer?.message || `helm ${operation.verb} failed.`,
      observedGeneration: pkg.metadata.generation,
    },
    now,
  );
  return { ...status, conditions };
}

function withRemediated(
  { pkg, now }: PackageWorld,
  status: WrittenStatus,
): WrittenStatus {
  const conditions = setCondition(
    status.conditions,
    {
      type: PackageConditions.Remediated,
      status: 'True',
      reason: PackageReasons.RolledBack,
      message: `Rolled back, because ${pkg.spec.chart.name} ${
        pkg.spec.chart.version
      } with the wanted values does not run: ${causeOf(pkg)}`,
      observedGeneration: pkg.metadata.generation,
    },
    now,
  );
  return { ...status, conditions };
}

/** What went wrong before the rollback: its own success has not overwritten it yet. */
function causeOf(pkg: LatticePackage): string {
  const failed = [PackageConditions.Released, PackageConditions.Healthy]
    .map(type => findCondition(pkg.status.conditions, type))
    .find(it => it?.status === 'False');
  return failed?.message ?? 'it did not become healthy in time.';
}
