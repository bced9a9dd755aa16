import { mockServices } from '@backstage/backend-test-utils';
import { FakeClock } from '../clusters/FakeClock';
import { DutyTable } from './DutyTable';
import { FleetDuty } from './FleetDuty';
import { ObserverDuty } from './ObserverDuty';

describe('ObserverDuty', () => {
  let clock: FakeClock;
  let duties: ObserverDuty[];

  beforeEach(() => {
    clock = new FakeClock();
    duties = [];
  });

  afterEach(async () => {
    await Promise.all(duties.map(duty => duty.stop()));
  });

  /** Rows in memory, whose clock is the test's. */
  function aTable() {
    const rows = new Map<string, { holder: string; expiresAt: number }>();
    const table = {
      isAway: false,
      async claim(
        holder: string,
        clusters: readonly string[],
        leaseMs: number,
      ) {
        if (table.isAway) {
          throw new Error('the database is away');
        }
        const now = clock.monotonic();
        return clusters.filter(cluster => {
          const row = rows.get(cluster);
          const isFree = !row || row.holder === holder || row.expiresAt <= now;
          if (isFree) {
            rows.set(cluster, { holder, expiresAt: now + leaseMs });
          }
          return isFree;
        });
      },
      async release(holder: string) {
        for (const row of rows.values()) {
          if (row.holder === holder) {
            row.expiresAt = 0;
          }
        }
      },
    };
    return table;
  }

  function aDuty(
    identity: string,
    table: Pick<DutyTable, 'claim' | 'release'>,
    clusters = [{ name: 'one', id: 'uid-1' }],
  ) {
    const logger = mockServices.logger.mock();
    const duty = new ObserverDuty({
      openTable: async () => table,
      clusters: () => clusters,
      identity,
      logger,
      clock,
      random: () => 0.5,
    });
    duty.start();
    duties.push(duty);
    return { duty, logger };
  }

  it('is given to one replica and stays with it', async () => {
    const table = aTable();
    const { duty: first } = aDuty('a', table);
    await clock.advance(10);
    const { duty: second } = aDuty('b', table);
    for (let second_ = 0; second_ < 60; second_++) {
      await clock.advance(1_000);
      expect([first.isOnDuty('one'), second.isOnDuty('one')]).toEqual([
        true,
        false,
      ]);
    }
    expect(first.isOnDuty('unknown')).toBe(false);
  });

  it('passes to the next replica at once when one stops', async () => {
    const table = aTable();
    const { duty: first } = aDuty('a', table);
    await clock.advance(10);
    const { duty: second } = aDuty('b', table);
    await clock.advance(1_000);
    const begun: string[] = [];
    second.onBegin(cluster => begun.push(cluster));
    await first.stop();
    expect(first.isOnDuty('one')).toBe(false);
    await clock.advance(20_000);
    expect(second.isOnDuty('one')).toBe(true);
    expect(begun).toEqual(['one']);
  });

  it('ends before another may have it when the database cannot be reached, says so once, and comes back', async () => {
    const table = aTable();
    const { duty, logger } = aDuty('a', table);
    await clock.advance(10);
    table.isAway = true;
    await clock.advance(4_900);
    expect(duty.isOnDuty('one')).toBe(true);
    await clock.advance(5_200);
    expect(duty.isOnDuty('one')).toBe(false);
    await clock.advance(60_000);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    table.isAway = false;
    await clock.advance(3_000);
    expect(duty.isOnDuty('one')).toBe(true);
  });

  it('is the Lease on a cluster that is not only observed', () => {
    const isLeader = jest.fn(() => true);
    const duty = new FleetDuty({
      clusters: {
        get: name =>
          ({ mode: name === 'ours' ? 'reconcile' : 'observe' } as never),
        leadership: () => ({ isLeader } as never),
        list: () => [],
      },
      observer: { isOnDuty: () => false, onBegin: () => () => undefined },
    });
    expect(duty.isOnDuty('ours')).toBe(true);
    expect(duty.isOnDuty('theirs')).toBe(false);
    isLeader.mockReturnValue(false);
    expect(duty.isOnDuty('ours')).toBe(false);
  });
});
