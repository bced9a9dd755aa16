import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { createMetrics } from './metrics';

describe('createMetrics', () => {
  it('measures under its documented names, in seconds, and never by object', () => {
    const seen: unknown[] = [];
    const record = (name: string) => ({
      record: (value: number, attributes: unknown) =>
        seen.push([name, value, attributes]),
      add: (value: number, attributes: unknown) =>
        seen.push([name, value, attributes]),
    });
    const metrics = createMetrics({
      createGauge: record,
      createHistogram: record,
      createCounter: record,
    } as unknown as MetricsService);
    metrics.recordQueueDepth('package', 'one', 3);
    metrics.recordQueueLatency('package', 'one', 250);
    metrics.countRetry('package', 'one');
    metrics.recordLongestRunning('package', 'one', 2_000);
    metrics.recordReconcile('package', 'one', 'failed', 1_500);
    metrics.recordLeadership('one', true);
    metrics.countHandover('one');
    metrics.countAccessRequest('one');
    const at = { controller: 'package', cluster: 'one' };
    expect(seen).toEqual([
      ['lattice.queue.depth', 3, at],
      ['lattice.queue.latency', 0.25, at],
      ['lattice.queue.retries', 1, at],
      ['lattice.queue.longest_running', 2, at],
      ['lattice.reconcile.duration', 1.5, { ...at, outcome: 'failed' }],
      ['lattice.reconcile.count', 1, { ...at, outcome: 'failed' }],
      ['lattice.leader', 1, { cluster: 'one' }],
      ['lattice.leader.takeovers', 1, { cluster: 'one' }],
      ['lattice.leader.handovers', 1, { cluster: 'one' }],
      ['lattice.access.requests', 1, { cluster: 'one' }],
    ]);
  });
});
