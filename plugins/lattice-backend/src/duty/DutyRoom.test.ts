import { mockServices } from '@backstage/backend-test-utils';
import { eventually } from '../clusters/eventually';
import { endpointFromSettings } from '../clusters/endpoint';
import { Leadership, LeaseTiming } from '../controllers/leadershipTypes';
import { noMetrics } from '../metrics';
import {
  LeaseApiServer,
  THREAD_ARGUMENTS,
} from './__testUtils__/LeaseApiServer';
import { DutyRoom, DutyRoomOptions } from './DutyRoom';

const quick: LeaseTiming = {
  leaseMs: 3_000,
  actMs: 2_000,
  renewMs: 500,
  retryMs: 200,
};
const WAIT_MS = 60_000;
const thread = { execArgv: THREAD_ARGUMENTS };

describe('DutyRoom', () => {
  jest.setTimeout(120_000);
  let server: LeaseApiServer;
  let rooms: DutyRoom[];

  beforeEach(async () => {
    server = await LeaseApiServer.start();
    rooms = [];
  });

  afterEach(async () => {
    await Promise.all(rooms.map(room => room.close()));
    await server.close();
  });

  function aRoom(options: Partial<DutyRoomOptions> = {}) {
    const logger = mockServices.logger.mock();
    const room = new DutyRoom({ logger, ...options });
    rooms.push(room);
    const lead = (
      name: string,
      more: { isIdle?: () => boolean; timing?: LeaseTiming } = {},
    ) => {
      const leadership = room.leadershipOf({
        name,
        id: () => name,
        endpoint: endpointFromSettings({ url: `${server.url}/${name}` }),
        timing: more.timing ?? quick,
        isIdle: more.isIdle ?? (() => true),
        logger,
        metrics: noMetrics,
      });
      leadership.start();
      return leadership;
    };
    return { room, logger, lead };
  }

  /** Nothing else runs in this thread meanwhile. */
  function blockFor(ms: number): void {
    const until = performance.now() + ms;
    while (performance.now() < until);
  }

  async function untilLeads(leadership: Leadership): Promise<void> {
    await eventually(() => expect(leadership.isLeader()).toBe(true), WAIT_MS);
  }

  async function holders(
    names: readonly string[],
  ): Promise<Map<string, string>> {
    return new Map(
      await Promise.all(
        names.map(async name => [name, await server.holderOf(name)] as const),
      ),
    );
  }

  async function untilLoads(...loads: number[][]): Promise<void> {
    await eventually(async () => {
      const { leases } = await server.state();
      const held = new Map<string, number>();
      for (const holder of (await holders(Object.keys(leases))).values()) {
        held.set(holder, (held.get(holder) ?? 0) + 1);
      }
      const found = rooms.map(({ identity }) => held.get(identity) ?? 0);
      expect(loads).toContainEqual(found);
    }, WAIT_MS);
  }

  it('keeps the Lease while the main thread computes for longer than it lasts', async () => {
    const { logger, lead } = aRoom({ thread });
    const leadership = lead('one');
    await untilLeads(leadership);
    const changes: boolean[] = [];
    leadership.onChange(isLeader => changes.push(isLeader));
    const before = (await server.writesOf('one')).length;
    blockFor(5_000);
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.term).toBe(1);
    const during = (await server.writesOf('one')).length - before;
    expect(during).toBeGreaterThanOrEqual(6);
    expect(changes).toEqual([]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('lets the Lease run out when the main thread is silent beyond its bound, and takes it again', async () => {
    const { lead } = aRoom({ thread, silenceMs: 1_500 });
    const leadership = lead('one');
    await untilLeads(leadership);
    blockFor(6_000);
    // Before any message of the other thread is read: the deadline alone says so.
    expect(leadership.isLeader()).toBe(false);
    expect(leadership.deadlineMs()).toBe(0);
    const writes = await server.writesOf('one');
    const gaps = writes.slice(1).map((it, i) => it.atMs - writes[i].atMs);
    expect(Math.max(...gaps, 0)).toBeLessThan(2_000);
    await untilLeads(leadership);
  });

  it('stops acting in time when the other thread is gone, and goes on in this one', async () => {
    const { room, logger, lead } = aRoom({ thread });
    const leadership = lead('one');
    await untilLeads(leadership);
    await room.endThread();
    await eventually(() => expect(logger.warn).toHaveBeenCalledTimes(1));
    expect(logger.warn.mock.calls[0][0]).toMatch(
      /^Leases are renewed in the main thread/,
    );
    const before = (await server.writesOf('one')).length;
    await eventually(async () =>
      expect((await server.writesOf('one')).length).toBeGreaterThan(before + 3),
    );
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.term).toBe(1);
  });

  it('runs in the main thread, with one warning, where no thread can be started', async () => {
    const { logger, lead } = aRoom({
      thread: { execArgv: ['--require', '/nowhere/hook.cjs'] },
    });
    await untilLeads(lead('one'));
    await untilLeads(lead('two'));
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('shares clusters evenly, hands over when a replica joins, and takes over when one ends', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const first = aRoom();
    const held = names.map(name => first.lead(name));
    await Promise.all(held.map(untilLeads));
    const second = aRoom();
    names.forEach(name => second.lead(name));
    await untilLoads([2, 2]);
    await second.room.close();
    await untilLoads([4, 0]);
    expect(held.every(leadership => leadership.isLeader())).toBe(true);
  });

  it('spreads many clusters over three replicas that start together, and moves few of them afterwards', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `many-${index}`);
    const calm = { leaseMs: 6_000, actMs: 4_000, renewMs: 1_500, retryMs: 600 };
    const three = [aRoom(), aRoom(), aRoom()];
    for (const { lead } of three) {
      names.forEach(name => lead(name, { timing: calm }));
    }
    await untilLoads([7, 7, 6], [7, 6, 7], [6, 7, 7]);
    const before = await holders(names);
    await three[1].room.close();
    await untilLoads([10, 0, 10]);
    const after = await holders(names);
    const moved = names.filter(
      name =>
        before.get(name) !== three[1].room.identity &&
        before.get(name) !== after.get(name),
    );
    expect(moved.length).toBeLessThanOrEqual(6);
  });

  it('gives up no cluster on which something is under way', async () => {
    const names = ['one', 'two'];
    let isIdle = false;
    const first = aRoom();
    const held = names.map(name => first.lead(name, { isIdle: () => isIdle }));
    await Promise.all(held.map(untilLeads));
    const second = aRoom();
    names.forEach(name => second.lead(name));
    await new Promise(resolve => setTimeout(resolve, 10_000));
    expect(held.every(leadership => leadership.isLeader())).toBe(true);
    isIdle = true;
    await untilLoads([1, 1]);
  });

  it('leads where its account may not see the other replicas', async () => {
    await server.setFaults('one', { isStrict: true });
    const { lead, logger } = aRoom();
    await untilLeads(lead('one'));
    expect(logger.warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^Clusters are not shared evenly among replicas: cluster one: create Lease .*403/,
        ),
        { cluster: 'one' },
      ],
    ]);
  });

  it('leaves neither Lease nor presence behind when it stops', async () => {
    const { room, lead } = aRoom({ thread });
    await untilLeads(lead('one'));
    await room.close();
    const { leases } = await server.state();
    expect(
      leases.one.map(({ metadata, spec }) => [
        metadata.name,
        spec.holderIdentity,
      ]),
    ).toEqual([['lattice-portal', '']]);
  });
});
