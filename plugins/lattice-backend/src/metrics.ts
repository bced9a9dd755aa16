import type { MetricsService } from '@backstage/backend-plugin-api/alpha';

/** How a pass of a controller ended. */
export type ReconcileOutcome = 'done' | 'requeued' | 'failed' | 'timedOut';

/** What the backend measures. Attributes are cluster, controller and outcome: never names of objects. */
export interface LatticeMetrics {
  recordQueueDepth(controller: string, cluster: string, depth: number): void;
  /** How long a key was ready before a place was free for it. */
  recordQueueLatency(
    controller: string,
    cluster: string,
    waitedMs: number,
  ): void;
  countRetry(controller: string, cluster: string): void;
  /** How long the oldest pass has been going on; 0 when there is none. */
  recordLongestRunning(controller: string, cluster: string, ms: number): void;
  recordReconcile(
    controller: string,
    cluster: string,
    outcome: ReconcileOutcome,
    durationMs: number,
  ): void;
  /** After each change. */
  recordLeadership(cluster: string, isLeader: boolean): void;
  countHandover(cluster: string): void;
  countAccessRequest(cluster: string): void;
}

/** Measures nothing; for tests and where no metrics service is at hand. */
export const noMetrics: LatticeMetrics = {
  recordQueueDepth() {},
  recordQueueLatency() {},
  countRetry() {},
  recordLongestRunning() {},
  recordReconcile() {},
  recordLeadership() {},
  countHandover() {},
  countAccessRequest() {},
};

const DURATION_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];

/** Measures through Backstage's metrics service (`metricsServiceRef`). */
export function createMetrics(metrics: MetricsService): LatticeMetrics {
  const depth = metrics.createGauge('lattice.queue.depth', {
    description: 'Keys that wait for a free place in a controller',
  });
  const latency = metrics.createHistogram('lattice.queue.latency', {
    description: 'Time that a key was ready before a controller was free',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const retries = metrics.createCounter('lattice.queue.retries', {
    description: 'Passes that are tried again after a failure',
  });
  const longestRunning = metrics.createGauge('lattice.queue.longest_running', {
    description: 'Duration so far of the oldest pass under way',
    unit: 's',
  });
  const duration = metrics.createHistogram('lattice.reconcile.duration', {
    description: 'Duration of one pass over one object',
    unit: 's',
    advice: { explicitBucketBoundaries: DURATION_BUCKETS },
  });
  const passes = metrics.createCounter('lattice.reconcile.count', {
    description: 'Passes over objects, by outcome',
  });
  const leader = metrics.createGauge('lattice.leader', {
    description: '1 while this process holds the Lease of the cluster',
  });
  const takeovers = metrics.createCounter('lattice.leader.takeovers', {
    description: 'Times that this process began to act on the cluster',
  });
  const handovers = metrics.createCounter('lattice.leader.handovers', {
    description:
      'Times that this process gave the cluster to another replica, to share evenly',
  });
  const access = metrics.createCounter('lattice.access.requests', {
    description: 'Requests of Helm forwarded to an API server',
  });
  return {
    recordQueueDepth(controller, cluster, value) {
      depth.record(value, { controller, cluster });
    },
    recordQueueLatency(controller, cluster, waitedMs) {
      latency.record(waitedMs / 1000, { controller, cluster });
    },
    countRetry(controller, cluster) {
      retries.add(1, { controller, cluster });
    },
    recordLongestRunning(controller, cluster, ms) {
      longestRunning.record(ms / 1000, { controller, cluster });
    },
    recordReconcile(controller, cluster, outcome, durationMs) {
      duration.record(durationMs / 1000, { controller, cluster, outcome });
      passes.add(1, { controller, cluster, outcome });
    },
    recordLeadership(cluster, isLeader) {
      leader.record(isLeader ? 1 : 0, { cluster });
      if (isLeader) {
        takeovers.add(1, { cluster });
      }
    },
    countHandover(cluster) {
      handovers.add(1, { cluster });
    },
    countAccessRequest(cluster) {
      access.add(1, { cluster });
    },
  };
}
