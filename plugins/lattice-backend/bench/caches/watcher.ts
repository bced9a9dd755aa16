/** Watches simulated clusters as the backend does, and reports what that costs. */
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import { createClusters } from '../../src/clusters/createClusters';
import { KINDS } from '../../src/clusters/kinds';
import { SERVED } from './fleet';
import { TurnMeter } from './TurnMeter';

/** What one watching process reports. */
export interface WatchReport {
  readonly rssEmptyMb: number;
  readonly rssMb: number;
  readonly syncMs: number;
  readonly longestTurnMs: number;
  readonly longestGcMs: number;
  /** Share of one core while nothing happens. */
  readonly idleCpu: number;
}

const MB = 1024 * 1024;
const IDLE_MS = Number(process.env.LATTICE_BENCH_IDLE_MS ?? 5_000);
const silent = () => undefined;
const logger: LoggerService = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => logger,
};

/** Longest pause of the garbage collector since the last call: no code of ours can shorten a turn below it. */
let longestGcMs = 0;
new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) {
    longestGcMs = Math.max(longestGcMs, duration);
  }
}).observe({ entryTypes: ['gc'] });

function takeLongestGcMs(): number {
  const ms = Number(longestGcMs.toFixed(1));
  longestGcMs = 0;
  return ms;
}

function rssMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / MB);
}

async function main(): Promise<void> {
  const urls = process.argv.slice(2);
  const rssEmptyMb = rssMb();
  const clusters = createClusters({
    clusters: urls.map((url, index) => ({
      name: `c${index}`,
      mode: 'observe',
      endpoint: { url },
    })),
    logger,
  });
  const turns = new TurnMeter();
  turns.start();
  const startedAt = performance.now();
  await clusters.start();
  const caches = clusters
    .list()
    .flatMap(connection => SERVED.map(kind => connection.cache(kind)));
  await Promise.all(caches.map(cache => cache.synced()));
  const syncMs = Math.round(performance.now() - startedAt);
  const longestTurnMs = turns.stop();
  await wait(500);
  const gcMs = takeLongestGcMs();
  const memory = rssMb();
  const cpu = process.cpuUsage();
  await wait(IDLE_MS);
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of clusters.list()) {
    connection.cache(KINDS.LatticePackage).onChange(({ after }) => {
      process.send?.({ changed: after?.metadata.name });
    });
  }
  const report: WatchReport = {
    rssEmptyMb,
    rssMb: memory,
    syncMs,
    longestTurnMs,
    longestGcMs: gcMs,
    idleCpu: Number(((user + system) / 1000 / IDLE_MS).toFixed(4)),
  };
  process.send?.({ report });
  process.on('message', async (message: { cpu?: true; relist?: true }) => {
    if (message.cpu) {
      process.send?.({ cpuUs: process.cpuUsage() });
    }
    if (message.relist) {
      await wait(50);
      takeLongestGcMs();
      turns.start();
      const from = performance.now();
      await Promise.all(
        caches.map(
          cache =>
            new Promise<void>(resolve => {
              cache.onComplete?.(resolve);
            }),
        ),
      );
      process.send?.({
        relistMs: Math.round(performance.now() - from),
        longestTurnMs: turns.stop(),
        longestGcMs: takeLongestGcMs(),
      });
    }
  });
  process.on('disconnect', () => process.exit());
}

void main();
