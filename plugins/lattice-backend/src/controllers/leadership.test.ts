import { mockServices } from '@backstage/backend-test-utils';
import { Clock } from '../clusters/clock';
import { FakeClock } from '../clusters/FakeClock';
import { LeaseServer } from './__testUtils__/LeaseServer';
import { LeaseLeadership, noLeadership } from './leadership';

describe('LeaseLeadership', () => {
  let clock: FakeClock;
  let server: LeaseServer;
  let started: LeaseLeadership[];

  beforeEach(() => {
    clock = new FakeClock();
    server = new LeaseServer();
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map(leadership => leadership.stop()));
  });

  function aCandidate(
    identity: string,
    client = server.client(),
    ownClock: Clock = clock,
  ) {
    const leadership = new LeaseLeadership({
      client,
      identity,
      logger: mockServices.logger.mock(),
      clock: ownClock,
      random: () => 0.5,
    });
    leadership.start();
    started.push(leadership);
    return { leadership, client };
  }

  it('takes a Lease that nobody holds, and keeps it by renewing', async () => {
    const { leadership } = aCandidate('a');
    const changes: boolean[] = [];
    leadership.onChange(isLeader => changes.push(isLeader));
    expect(leadership.isLeader()).toBe(false);
    await clock.advance(0);
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.deadlineMs()).toBe(10_000);
    expect(leadership.term).toBe(1);
    await clock.advance(120_000);
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.term).toBe(1);
    expect(changes).toEqual([true]);
    expect(server.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 1,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:02:00.000000Z',
    });
    expect(server.writes).toBe(25);
  });

  it('stops acting before anybody else may begin, when it is cut off', async () => {
    const first = aCandidate('a');
    await clock.advance(0);
    const second = aCandidate('b');
    await clock.advance(30_000);
    expect(second.leadership.isLeader()).toBe(false);

    first.client.isCutOff = true;
    const cutAt = clock.monotonic();
    let firstEnd = 0;
    let secondStart = 0;
    first.leadership.onChange(() => (firstEnd ||= clock.monotonic()));
    second.leadership.onChange(() => (secondStart ||= clock.monotonic()));
    for (let step = 0; step < 300; step++) {
      await clock.advance(100);
      expect(first.leadership.isLeader() && second.leadership.isLeader()).toBe(
        false,
      );
    }
    expect(second.leadership.isLeader()).toBe(true);
    expect(second.leadership.term).toBe(2);
    expect(firstEnd - cutAt).toBeLessThanOrEqual(10_001);
    expect(secondStart - firstEnd).toBeGreaterThanOrEqual(4_000);
    expect(secondStart - cutAt).toBeLessThanOrEqual(17_000);
    expect(first.leadership.error).toMatch(/Unreachable/);

    first.client.isCutOff = false;
    await clock.advance(30_000);
    expect(first.leadership.isLeader()).toBe(false);
    expect(second.leadership.isLeader()).toBe(true);
  });

  it('survives an outage shorter than its time', async () => {
    const { leadership, client } = aCandidate('a');
    const changes: boolean[] = [];
    leadership.onChange(isLeader => changes.push(isLeader));
    await clock.advance(4_000);
    client.isCutOff = true;
    await clock.advance(5_000);
    client.isCutOff = false;
    await clock.advance(20_000);
    expect(changes).toEqual([true]);
  });

  it('hands over at once when it stops', async () => {
    const first = aCandidate('a');
    await clock.advance(0);
    const second = aCandidate('b');
    await clock.advance(10_000);
    await first.leadership.stop();
    expect(server.spec.holderIdentity).toBe('');
    await clock.advance(2_500);
    expect(second.leadership.isLeader()).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const { leadership } = aCandidate('a');
    await clock.advance(7_000);
    await leadership.stop();
    expect(clock.pending).toBe(0);
  });

  it('lets exactly one of many win', async () => {
    const candidates = ['a', 'b', 'c', 'd'].map(name => aCandidate(name));
    await clock.advance(60_000);
    expect(
      candidates.filter(({ leadership }) => leadership.isLeader()),
    ).toHaveLength(1);
  });

  it('does not trust time stamps of other machines', async () => {
    server.lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'x', namespace: 'y', resourceVersion: '0' },
      spec: {
        holderIdentity: 'other',
        leaseDurationSeconds: 15,
        renewTime: '2001-01-01T00:00:00.000000Z',
      },
    };
    const { leadership } = aCandidate('a');
    await clock.advance(14_000);
    expect(leadership.isLeader()).toBe(false);
    await clock.advance(4_000);
    expect(leadership.isLeader()).toBe(true);
  });

  it('minds neither clocks that differ by years nor clocks that jump', async () => {
    /** Wall clock that is off by so much, and jumps to and fro all the time. */
    const askew = (offsetMs: number): Clock => ({
      now: () => clock.now() + offsetMs * Math.sin(clock.monotonic()),
      monotonic: () => clock.monotonic(),
      setTimer: (callback, ms) => clock.setTimer(callback, ms),
    });
    const years = 5 * 365 * 24 * 3_600_000;
    const first = aCandidate('a', server.client(), askew(years));
    await clock.advance(0);
    const second = aCandidate('b', server.client(), askew(-years));
    for (let step = 0; step < 60; step++) {
      await clock.advance(1_000);
      expect(first.leadership.isLeader()).toBe(true);
      expect(second.leadership.isLeader()).toBe(false);
    }
    first.client.isCutOff = true;
    const cutAt = clock.monotonic();
    while (!second.leadership.isLeader()) {
      await clock.advance(100);
      expect(first.leadership.isLeader() && second.leadership.isLeader()).toBe(
        false,
      );
    }
    expect(clock.monotonic() - cutAt).toBeGreaterThan(10_000);
    expect(clock.monotonic() - cutAt).toBeLessThan(18_000);
  });

  it('leaves a Lease that it handed over to others, and takes it back when nobody wants it', async () => {
    const { leadership } = aCandidate('a');
    await clock.advance(0);
    const changes: boolean[] = [];
    leadership.onChange(isLeader => changes.push(isLeader));
    await leadership.handOver(20_000);
    expect(leadership.isLeader()).toBe(false);
    expect(server.spec.holderIdentity).toBe('');
    await clock.advance(6_000);
    expect(leadership.isLeader()).toBe(true);
    expect(changes).toEqual([false, true]);
  });

  it('renews nothing while the thread that acts is silent, and says so', async () => {
    let isAlive = true;
    const leadership = new LeaseLeadership({
      client: server.client(),
      identity: 'a',
      logger: mockServices.logger.mock(),
      clock,
      random: () => 0.5,
      mayRenew: () => isAlive,
    });
    leadership.start();
    started.push(leadership);
    await clock.advance(0);
    isAlive = false;
    const before = server.writes;
    await clock.advance(20_000);
    expect(leadership.isLeader()).toBe(false);
    expect(server.writes).toBe(before);
    expect(leadership.error).toMatch(/main thread .* does not answer/);
    isAlive = true;
    await clock.advance(3_000);
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.error).toBeUndefined();
  });

  it('says what to create when the namespace is missing, and leads once it is there', async () => {
    server.hasNamespace = false;
    const { leadership } = aCandidate('a');
    await clock.advance(10_000);
    expect(leadership.isLeader()).toBe(false);
    expect(leadership.error).toMatch(
      /namespace lattice-system does not exist on cluster one; create it/,
    );
    server.hasNamespace = true;
    await clock.advance(3_000);
    expect(leadership.isLeader()).toBe(true);
    expect(leadership.error).toBeUndefined();
  });

  it('belongs to nobody on a cluster that is only observed', async () => {
    const leadership = noLeadership();
    leadership.start();
    expect(leadership.isLeader()).toBe(false);
    expect(leadership.deadlineMs()).toBe(0);
    await leadership.stop();
  });
});
