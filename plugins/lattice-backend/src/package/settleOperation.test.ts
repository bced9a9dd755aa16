import {
  LatticePackage,
  PackageOperation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ReleaseMetadata,
  ReleaseStatus,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { LABEL_INTERRUPTED } from './releaseLabels';
import {
  judgeOperation,
  spendTry,
  waitAfterAnswer,
  withHistory,
} from './settleOperation';

const NOW = new Date('2026-03-01T12:00:00Z');

function anOperation(
  verb: PackageOperation['verb'],
  fromRevision: number,
): PackageOperation {
  return {
    id: 'o',
    verb,
    fromRevision,
    expectedRevision: fromRevision + (verb === 'uninstall' ? 0 : 1),
    startedAt: NOW.toISOString(),
  };
}

function aRelease(
  revision: number,
  status: ReleaseStatus,
  labels: Record<string, string> = {},
): ReleaseMetadata {
  return {
    secretName: 's',
    namespace: 'data',
    release: 'redis',
    revision,
    status,
    labels,
  };
}

describe('judgeOperation', () => {
  it.each<
    [string, PackageOperation, ReleaseMetadata | undefined, boolean, string]
  >([
    [
      'a stored success is one, whatever helm said',
      anOperation('install', 0),
      aRelease(1, 'deployed'),
      true,
      'succeeded',
    ],
    [
      'a success is found after a crash, too',
      anOperation('upgrade', 1),
      aRelease(2, 'deployed'),
      false,
      'succeeded',
    ],
    [
      'a stored failure is one',
      anOperation('upgrade', 1),
      aRelease(2, 'failed'),
      true,
      'failed',
    ],
    [
      'a record that we unlocked ourselves is no failure',
      anOperation('upgrade', 1),
      aRelease(2, 'failed', { [LABEL_INTERRUPTED]: 'true' }),
      false,
      'notStarted',
    ],
    [
      'helm may refuse before it stores anything',
      anOperation('install', 0),
      undefined,
      true,
      'refused',
    ],
    [
      'a crash before anything was stored costs nothing',
      anOperation('install', 0),
      undefined,
      false,
      'notStarted',
    ],
    [
      'a lock is still to be taken',
      anOperation('upgrade', 1),
      aRelease(2, 'pending-upgrade'),
      false,
      'pending',
    ],
    [
      'a kept record means removed',
      anOperation('uninstall', 2),
      aRelease(2, 'uninstalled'),
      true,
      'succeeded',
    ],
    [
      'no record means removed',
      anOperation('uninstall', 2),
      undefined,
      true,
      'succeeded',
    ],
    [
      'a removal may be cut half way',
      anOperation('uninstall', 2),
      aRelease(2, 'uninstalling'),
      false,
      'pending',
    ],
    [
      'helm may give up a removal half way',
      anOperation('uninstall', 2),
      aRelease(2, 'uninstalling'),
      true,
      'refused',
    ],
    [
      'a removal may be refused',
      anOperation('uninstall', 2),
      aRelease(2, 'deployed'),
      true,
      'refused',
    ],
  ])('%s', (...row) => {
    const [, operation, last, didHelmAnswer, kind] = row;
    expect(judgeOperation(operation, last, didHelmAnswer).kind).toBe(kind);
  });
});

describe('waitAfterAnswer', () => {
  it('lets time pass after a removal or a rollback in vain', () => {
    expect(waitAfterAnswer('uninstall', false)).toBe(30_000);
    expect(waitAfterAnswer('rollback', false)).toBe(30_000);
  });

  it('goes on at once after a success, and where a budget of tries waits', () => {
    expect(waitAfterAnswer('uninstall', true)).toBeLessThan(100);
    expect(waitAfterAnswer('upgrade', false)).toBeLessThan(100);
  });
});

describe('spendTry', () => {
  const aPackage = (attempts?: object) =>
    ({
      spec: { remediation: { retries: 3 } },
      status: { attempts },
    } as unknown as LatticePackage);

  it('waits longer each time, and an hour when the budget is spent', () => {
    const waits = [0, 1, 2, 3, 4].map(count => {
      const spent = spendTry(aPackage({ key: 'k', count }), 'k', NOW);
      return (Date.parse(spent.nextRetryAt ?? '') - NOW.getTime()) / 1000;
    });
    expect(waits).toEqual([30, 60, 120, 3600, 3600]);
  });

  it('begins anew for another wanted state', () => {
    expect(spendTry(aPackage({ key: 'old', count: 9 }), 'k', NOW).count).toBe(
      1,
    );
  });
});

describe('withHistory', () => {
  const entry = (revision: number) => ({
    revision,
    verb: 'upgrade',
    chart: 'redis',
    version: '1.0.0',
    status: 'deployed',
    finishedAt: '',
  });
  it('holds a revision once, newest first, and not without end', () => {
    let history = withHistory([entry(1)], entry(1));
    expect(history).toHaveLength(1);
    for (let revision = 2; revision < 30; revision += 1) {
      history = withHistory(history, entry(revision));
    }
    expect(history).toHaveLength(10);
    expect(history[0].revision).toBe(29);
  });
});
