import {
  LatticePackage,
  PackageAttempts,
  PackageHistoryEntry,
  PackageOperation,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { LABEL_INTERRUPTED } from './releaseLabels';

/** How an operation ended, judged by the release records alone. */
export type OperationOutcome =
  | { readonly kind: 'succeeded'; readonly revision: number }
  | { readonly kind: 'failed'; readonly revision: number }
  /** Helm gave up before it stored anything. */
  | { readonly kind: 'refused' }
  /** Our process died before helm did anything that counts. */
  | { readonly kind: 'notStarted' }
  /** Its record is still locked. */
  | { readonly kind: 'pending' };

/** Backs off 30 s, 60 s, ... up to 10 minutes; a spent budget leaves one probe an hour. */
const FIRST_BACKOFF_MS = 30_000;
const LONGEST_BACKOFF_MS = 10 * 60_000;
const AT_ONCE_MS = 10;
const PROBE_MS = 60 * 60_000;
const HISTORY_LENGTH = 10;

/**
 * Judges an operation. The exit code of helm says nothing: it may have died after its work was done. `didHelmAnswer`
 * tells only whether helm ended before our eyes.
 */
export function judgeOperation(
  operation: PackageOperation,
  last: ReleaseMetadata | undefined,
  didHelmAnswer: boolean,
): OperationOutcome {
  const refused: OperationOutcome = didHelmAnswer
    ? { kind: 'refused' }
    : { kind: 'notStarted' };
  if (operation.verb === 'uninstall') {
    return judgeUninstall(operation, last, didHelmAnswer) ?? refused;
  }
  if (!last || last.revision < operation.expectedRevision) {
    return refused;
  }
  return judgeRecord(last) ?? refused;
}

function judgeUninstall(
  operation: PackageOperation,
  last: ReleaseMetadata | undefined,
  didHelmAnswer: boolean,
): OperationOutcome | undefined {
  if (!last || last.status === 'uninstalled') {
    return { kind: 'succeeded', revision: operation.fromRevision };
  }
  // Helm leaves this mark when it could not delete everything; only without an answer it tells of a process that died.
  return last.status === 'uninstalling' && !didHelmAnswer
    ? { kind: 'pending' }
    : undefined;
}

function judgeRecord(last: ReleaseMetadata): OperationOutcome | undefined {
  if (last.status === 'deployed') {
    return { kind: 'succeeded', revision: last.revision };
  }
  if (last.status === 'failed') {
    return last.labels[LABEL_INTERRUPTED] === 'true'
      ? { kind: 'notStarted' }
      : { kind: 'failed', revision: last.revision };
  }
  return last.status.startsWith('pending-') ? { kind: 'pending' } : undefined;
}

/**
 * How long to leave a package alone after helm answered. A removal or a rollback in vain has no budget of tries that
 * would hold the next one back.
 */
export function waitAfterAnswer(
  verb: PackageOperation['verb'],
  didSucceed: boolean,
): number {
  const isUnbudgeted = verb === 'uninstall' || verb === 'rollback';
  return isUnbudgeted && !didSucceed ? FIRST_BACKOFF_MS : AT_ONCE_MS;
}

/** The budget after one more try in vain. */
export function spendTry(
  pkg: LatticePackage,
  key: string,
  now: Date,
): PackageAttempts {
  const { attempts } = pkg.status;
  const count = (attempts?.key === key ? attempts.count : 0) + 1;
  const backoffMs =
    count > pkg.spec.remediation.retries
      ? PROBE_MS
      : Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1));
  return {
    key,
    count,
    nextRetryAt: new Date(now.getTime() + backoffMs).toISOString(),
  };
}

/** The history with one more revision in front; a revision stands in it once. */
export function withHistory(
  history: readonly PackageHistoryEntry[],
  entry: PackageHistoryEntry,
): PackageHistoryEntry[] {
  return [entry, ...history.filter(it => it.revision !== entry.revision)].slice(
    0,
    HISTORY_LENGTH,
  );
}

const REASONS = {
  install: {
    succeeded: PackageReasons.InstallSucceeded,
    failed: PackageReasons.InstallFailed,
  },
  upgrade: {
    succeeded: PackageReasons.UpgradeSucceeded,
    failed: PackageReasons.UpgradeFailed,
  },
  rollback: {
    succeeded: PackageReasons.RollbackSucceeded,
    failed: PackageReasons.RollbackFailed,
  },
  uninstall: {
    succeeded: PackageReasons.UninstallFailed,
    failed: PackageReasons.UninstallFailed,
  },
} as const;

/** Reason of condition Released after an operation. */
export function releasedReason(
  verb: PackageOperation['verb'],
  isSuccess: boolean,
): string {
  return REASONS[verb][isSuccess ? 'succeeded' : 'failed'];
}
