import fc from 'fast-check';
import { FakeClock } from '../clusters/FakeClock';
import { KeyQueue, KeyQueueOptions, WorkOutcome } from './KeyQueue';

const done: WorkOutcome = { kind: 'done' };

describe('KeyQueue', () => {
  let clock: FakeClock;
  let worked: string[];

  beforeEach(() => {
    clock = new FakeClock();
    worked = [];
  });

  function aQueue(
    work: (key: string) => Promise<WorkOutcome>,
    options: Partial<KeyQueueOptions> = {},
  ): KeyQueue {
    return new KeyQueue({
      work: key => {
        worked.push(key);
        return work(key);
      },
      concurrency: 1,
      clock,
      random: () => 1,
      backoff: { baseMs: 100, maxMs: 1_000 },
      ...options,
    });
  }

  function aGate() {
    const open = new Map<string, (outcome: WorkOutcome) => void>();
    return {
      work: (key: string) =>
        new Promise<WorkOutcome>(resolve => open.set(key, resolve)),
      finish: async (key: string, outcome: WorkOutcome = done) => {
        open.get(key)?.(outcome);
        await clock.advance(0);
      },
    };
  }

  it('works once on a key that was added many times', async () => {
    const queue = aQueue(async () => done);
    queue.add('a');
    queue.add('a');
    queue.add('a', 'resync');
    expect(queue.depth).toBe(1);
    queue.start();
    await clock.advance(0);
    expect(worked).toEqual(['a']);
  });

  it('works once more on a key that was added while it was worked on, and never on both at once', async () => {
    const gate = aGate();
    const queue = aQueue(gate.work, { concurrency: 4 });
    queue.start();
    queue.add('a');
    queue.add('a');
    queue.add('a');
    await clock.advance(0);
    expect(worked).toEqual(['a']);
    await gate.finish('a');
    expect(worked).toEqual(['a', 'a']);
    await gate.finish('a');
    expect(worked).toEqual(['a', 'a']);
  });

  it('takes changes before resyncs, and raises a resync to a change', async () => {
    const queue = aQueue(async () => done);
    queue.add('old-1', 'resync');
    queue.add('old-2', 'resync');
    queue.add('live');
    queue.add('old-2', 'change');
    queue.add('live', 'resync');
    queue.start();
    await clock.advance(0);
    expect(worked).toEqual(['live', 'old-2', 'old-1']);
  });

  it('never works on more keys at once than allowed', async () => {
    const gate = aGate();
    const queue = aQueue(gate.work, { concurrency: 2 });
    queue.start();
    ['a', 'b', 'c'].forEach(key => queue.add(key));
    expect(queue.runningCount).toBe(2);
    await gate.finish('a');
    expect(worked).toEqual(['a', 'b', 'c']);
  });

  it('waits longer after each failure, up to the maximum, and forgets failures at a success', async () => {
    const outcomes: WorkOutcome[] = [
      ...Array.from({ length: 6 }, (): WorkOutcome => ({ kind: 'retry' })),
      done,
      { kind: 'retry' },
    ];
    const times: number[] = [];
    const queue = aQueue(async () => {
      times.push(clock.monotonic());
      return outcomes.shift() ?? done;
    });
    queue.start();
    queue.add('a');
    await clock.advance(10_000);
    expect(times).toEqual([0, 100, 300, 700, 1500, 2500, 3500]);
    expect(queue.failuresOf('a')).toBe(0);
    queue.add('a');
    await clock.advance(1_000);
    expect(times.slice(-2)).toEqual([10_000, 10_100]);
  });

  it('spreads delays over their upper half', async () => {
    const queue = aQueue(async () => ({ kind: 'retry' }), {
      random: () => 0,
    });
    queue.start();
    queue.add('a');
    await clock.advance(49);
    expect(worked).toHaveLength(1);
    await clock.advance(1);
    expect(worked).toHaveLength(2);
  });

  it('waits at least as long as the server asked', async () => {
    const queue = aQueue(async () => ({ kind: 'retry', minMs: 5_000 }));
    queue.start();
    queue.add('a');
    await clock.advance(4_999);
    expect(worked).toHaveLength(1);
    await clock.advance(1);
    expect(worked).toHaveLength(2);
  });

  it('lets a change end a back-off, but not a resync', async () => {
    const queue = aQueue(async () => ({ kind: 'retry', minMs: 60_000 }));
    queue.start();
    queue.add('a');
    await clock.advance(1);
    queue.add('a', 'resync');
    await clock.advance(1);
    expect(worked).toHaveLength(1);
    queue.add('a', 'change');
    await clock.advance(1);
    expect(worked).toHaveLength(2);
  });

  it('looks again after the time that was asked for, the earliest of several', async () => {
    let first = true;
    const queue = aQueue(async () => {
      const outcome: WorkOutcome = first ? { kind: 'after', ms: 500 } : done;
      first = false;
      return outcome;
    });
    queue.start();
    queue.add('a');
    queue.addAfter('b', 900);
    queue.addAfter('b', 300);
    queue.addAfter('b', 600);
    await clock.advance(2_000);
    expect(worked).toEqual(['a', 'b', 'a']);
    expect(clock.pending).toBe(0);
  });

  it('takes a rejection of the worker as a failure and goes on', async () => {
    let failed = false;
    const queue = aQueue(async () => {
      if (!failed) {
        failed = true;
        throw new Error('unexpected');
      }
      return done;
    });
    queue.start();
    queue.add('a');
    queue.add('b');
    await clock.advance(1_000);
    expect(worked).toEqual(['a', 'b', 'a']);
  });

  it('tells how long keys were ready, without the delay before, and how long work has gone on', async () => {
    const gate = aGate();
    const waits: number[] = [];
    const queue = aQueue(gate.work, { onHandOut: ms => waits.push(ms) });
    queue.start();
    queue.addAfter('late', 10_000);
    await clock.advance(10_000);
    expect(waits).toEqual([0]);
    queue.add('resync', 'resync');
    await clock.advance(300);
    queue.add('resync', 'change');
    await clock.advance(200);
    expect(queue.longestRunningMs).toBe(500);
    await gate.finish('late');
    expect(waits).toEqual([0, 500]);
    expect(queue.longestRunningMs).toBe(0);
    await gate.finish('resync');
    expect(queue.longestRunningMs).toBe(0);
  });

  it('counts every failure that is tried again', async () => {
    let retries = 0;
    const queue = aQueue(
      async () => (worked.length < 4 ? { kind: 'retry' } : done),
      { onRetry: () => (retries += 1) },
    );
    queue.start();
    queue.add('a');
    await clock.advance(5_000);
    expect(worked).toHaveLength(4);
    expect(retries).toBe(3);
  });

  it('stops when the work under way has ended, and begins none', async () => {
    const gate = aGate();
    const queue = aQueue(gate.work);
    queue.start();
    queue.add('a');
    queue.add('b');
    queue.add('a');
    queue.addAfter('c', 10);
    let isStopped = false;
    const stopped = queue.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(100);
    expect(isStopped).toBe(false);
    await gate.finish('a');
    await stopped;
    expect(worked).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  it('lets the event loop turn although no pass ever waits', async () => {
    let count = 0;
    let turns = 0;
    const queue = new KeyQueue({
      concurrency: 4,
      work: async () => {
        const until = performance.now() + 0.5;
        while (performance.now() < until) {
          // Busy, as a pass over a large object is.
        }
        count += 1;
        return done;
      },
    });
    for (let index = 0; index < 200; index++) {
      queue.add(`key-${index}`);
    }
    queue.start();
    while (count < 200) {
      turns += 1;
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(turns).toBeGreaterThan(8);
    await queue.stop();
  });

  it('loses no key, works on none twice at once and stays within its bound, whatever happens', async () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), key: keys }),
      fc.record({ kind: fc.constant('resync' as const), key: keys }),
      fc.record({
        kind: fc.constant('after' as const),
        key: keys,
        ms: fc.nat(500),
      }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(300) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.infiniteStream(fc.record({ ms: fc.nat(200), fails: fc.boolean() })),
        fc.integer({ min: 1, max: 3 }),
        async (steps, work, concurrency) => {
          const time = new FakeClock();
          const running = new Set<string>();
          const startedAfter = new Map<string, number>();
          const askedAt = new Map<string, number>();
          let sequence = 0;
          const queue = new KeyQueue({
            concurrency,
            clock: time,
            random: () => 0.5,
            backoff: { baseMs: 10, maxMs: 100 },
            work: async key => {
              expect(running.has(key)).toBe(false);
              running.add(key);
              expect(running.size).toBeLessThanOrEqual(concurrency);
              startedAfter.set(key, sequence++);
              const { value } = work.next();
              await new Promise<void>(resolve =>
                time.setTimer(resolve, value.ms),
              );
              running.delete(key);
              return value.fails ? { kind: 'retry' } : done;
            },
          });
          queue.start();
          for (const { kind, ...rest } of steps as Array<{
            kind: string;
            key: string;
            ms: number;
          }>) {
            if (kind === 'wait') {
              await time.advance(rest.ms);
            } else {
              askedAt.set(rest.key, sequence++);
              if (kind === 'after') {
                queue.addAfter(rest.key, rest.ms);
              } else {
                queue.add(rest.key, kind === 'add' ? 'change' : 'resync');
              }
            }
          }
          for (let round = 0; round < 50; round++) {
            await time.advance(1_000);
          }
          for (const [key, asked] of askedAt) {
            expect(startedAfter.get(key)).toBeGreaterThan(asked);
          }
          const stopped = queue.stop();
          await time.advance(1_000);
          await stopped;
        },
      ),
      { numRuns: 150 },
    );
  });
});
