import { mockServices } from '@backstage/backend-test-utils';
import {
  formatKey,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError } from '../clusters/ClusterError';
import { FakeCache } from '../clusters/FakeCache';
import { FakeClock } from '../clusters/FakeClock';
import { ObjectChange } from '../clusters/ObjectStore';
import { ClusterConnection } from '../clusters/types';
import { noMetrics, ReconcileOutcome } from '../metrics';
import {
  Controller,
  ControllerOptions,
  createController,
} from './createController';

const KIND = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

function anObject(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'data', name },
  };
}

function ownKey({ before, after }: ObjectChange): string[] {
  const { namespace = '', name } = (after ?? before)!.metadata;
  return [formatKey({ namespace, name })];
}

describe('createController', () => {
  let clock: FakeClock;
  let cache: FakeCache;
  let worked: string[];
  let outcomes: ReconcileOutcome[];
  let isActive: boolean;
  let controller: Controller;
  const logger = mockServices.logger.mock();

  beforeEach(() => {
    clock = new FakeClock();
    cache = new FakeCache(KIND);
    worked = [];
    outcomes = [];
    isActive = true;
    logger.child.mockReturnValue(logger);
    logger.warn.mockReset();
  });

  afterEach(async () => {
    await controller.stop();
  });

  function start(options: Partial<ControllerOptions> = {}): void {
    controller = createController({
      name: 'test',
      cluster: { name: 'one' } as ClusterConnection,
      sources: [{ cache, keysOf: ownKey }],
      reconcile: async key => {
        worked.push(key);
      },
      isActive: () => isActive,
      logger,
      concurrency: 2,
      clock,
      random: () => 0.5,
      backoff: { baseMs: 1_000, maxMs: 60_000 },
      metrics: {
        ...noMetrics,
        recordReconcile: (_controller, _cluster, outcome) =>
          outcomes.push(outcome),
      },
      ...options,
    });
    controller.start();
  }

  it('works on what is there at the start, on every change, and at the slow resync', async () => {
    cache.put(anObject('a'));
    start({ resyncMs: 600_000 });
    await clock.advance(10);
    expect(worked).toEqual(['data/a']);
    cache.put(anObject('b'));
    cache.remove({ namespace: 'data', name: 'a' });
    await clock.advance(10);
    expect(worked).toEqual(['data/a', 'data/b', 'data/a']);
    await clock.advance(600_000);
    expect(worked.slice(3)).toEqual(['data/b']);
  });

  it('logs a failure with its key, backs off and goes on', async () => {
    let failures = 2;
    start({
      reconcile: async key => {
        worked.push(key);
        if (failures-- > 0) {
          throw new Error('the store is sealed');
        }
        return { requeueAfterMs: 30_000 };
      },
    });
    cache.put(anObject('a'));
    await clock.advance(10_000);
    expect(worked).toHaveLength(3);
    expect(outcomes).toEqual(['failed', 'failed', 'requeued']);
    expect(logger.warn.mock.calls.map(([text]) => text)).toEqual([
      'Pass over data/a failed (attempt 1): the store is sealed',
      'Pass over data/a failed (attempt 2): the store is sealed',
    ]);
    await clock.advance(30_000);
    expect(worked).toHaveLength(4);
  });

  it('waits as long as the server asked', async () => {
    start({
      reconcile: async key => {
        worked.push(key);
        throw new ClusterError({
          cluster: 'one',
          verb: 'get',
          kind: 'X',
          reason: 'Throttled',
          retryAfterMs: 20_000,
          explanation: 'slow down',
        });
      },
    });
    cache.put(anObject('a'));
    await clock.advance(19_000);
    expect(worked).toHaveLength(1);
    await clock.advance(2_000);
    expect(worked).toHaveLength(2);
  });

  it('cancels a pass at its time limit and tries again', async () => {
    start({
      timeLimitMs: 5_000,
      reconcile: (key, { signal }) => {
        worked.push(key);
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    });
    cache.put(anObject('a'));
    await clock.advance(5_000);
    expect(outcomes).toEqual(['timedOut']);
    await clock.advance(1_000);
    expect(worked).toHaveLength(2);
  });

  it('measures the wait, the retries and the oldest pass of its own cluster', async () => {
    const seen: unknown[] = [];
    const metrics = {
      ...noMetrics,
      recordQueueLatency: (...args: unknown[]) => seen.push(['wait', ...args]),
      countRetry: (...args: unknown[]) => seen.push(['retry', ...args]),
      recordLongestRunning: (...args: unknown[]) =>
        seen.push(['oldest', ...args]),
    };
    start({
      metrics,
      reconcile: (_key, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ),
      timeLimitMs: 1_500,
    });
    cache.put(anObject('a'));
    await clock.advance(1_500);
    expect(seen).toEqual([
      ['wait', 'test', 'one', 0],
      ['oldest', 'test', 'one', 1_000],
      ['retry', 'test', 'one'],
    ]);
  });

  it('keeps a cluster whose passes hang from holding up another', async () => {
    const endless = createController({
      name: 'test',
      cluster: { name: 'slow' } as ClusterConnection,
      sources: [{ cache, keysOf: ownKey }],
      reconcile: (_key, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ),
      isActive: () => true,
      logger,
      concurrency: 2,
      clock,
      random: () => 0.5,
    });
    endless.start();
    start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      cache.put(anObject(name));
    }
    await clock.advance(0);
    expect(endless.depth).toBe(3);
    expect(worked).toHaveLength(5);
    await endless.stop();
  });

  it('does nothing while it is not its turn, cancels at the end of its turn, and catches up when it comes', async () => {
    isActive = false;
    cache.put(anObject('a'));
    let aborted = false;
    start({
      reconcile: (key, { signal }) => {
        worked.push(key);
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          }),
        );
      },
    });
    cache.put(anObject('b'));
    await clock.advance(60_000);
    expect(worked).toEqual([]);
    isActive = true;
    await clock.advance(1_000);
    expect(worked.sort()).toEqual(['data/a', 'data/b']);
    isActive = false;
    await clock.advance(1_000);
    expect(aborted).toBe(true);
    expect(outcomes).toEqual([]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('hears of its turn at once when told', async () => {
    isActive = false;
    let notify = () => {};
    cache.put(anObject('a'));
    start({
      onActivityChange: listener => {
        notify = listener;
        return () => {};
      },
    });
    await clock.advance(10);
    isActive = true;
    notify();
    await clock.advance(0);
    expect(worked).toEqual(['data/a']);
  });

  it('begins no pass before its required caches are complete', async () => {
    const needed = new FakeCache(KIND, { isComplete: false });
    cache.put(anObject('a'));
    start({
      sources: [
        { cache, keysOf: ownKey },
        { cache: needed, keysOf: () => [], required: true },
      ],
    });
    await clock.advance(60_000);
    expect(worked).toEqual([]);
    needed.complete();
    await clock.advance(0);
    expect(worked).toEqual(['data/a']);
  });

  it('looks at everything again when a cache is complete after a gap', async () => {
    cache.put(anObject('a'));
    start();
    await clock.advance(0);
    cache.complete();
    await clock.advance(0);
    expect(worked).toEqual(['data/a', 'data/a']);
  });

  it('stops when the pass under way has ended', async () => {
    let finish = () => {};
    start({
      reconcile: (_key, { signal }) =>
        new Promise<void>(resolve => {
          expect(signal.aborted).toBe(false);
          finish = resolve;
        }),
    });
    cache.put(anObject('a'));
    await clock.advance(0);
    let isStopped = false;
    const stopped = controller.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(1_000);
    expect(isStopped).toBe(false);
    finish();
    await stopped;
    expect(clock.pending).toBe(0);
    expect(cache.listenerCount).toBe(0);
  });
});
