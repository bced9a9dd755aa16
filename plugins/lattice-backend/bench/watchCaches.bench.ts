/**
 * What watching costs: time until complete, memory, the longest turn of the event loop, one event, a re-list, and doing
 * nothing. The simulated clusters run in processes of their own. An argument picks one size.
 */
import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { WatchReport } from './caches/watcher';

const EVENTS = 500;
const execArgv = [
  '--expose-gc',
  '--require',
  require.resolve('@backstage/cli/config/nodeTransform.cjs'),
];

interface Answer {
  readonly url: string;
  readonly report: WatchReport;
  readonly changed: string;
  readonly cpuUs: { readonly user: number; readonly system: number };
  readonly relistMs: number;
  readonly longestTurnMs: number;
  readonly longestGcMs: number;
}

function start(script: string, args: readonly string[]): ChildProcess {
  return fork(path.join(__dirname, 'caches', script), [...args], { execArgv });
}

async function answerOf<K extends keyof Answer>(
  child: ChildProcess,
  key: K,
): Promise<Pick<Answer, K> & Partial<Answer>> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [Partial<Answer>];
    if (message[key] !== undefined) {
      return message as Pick<Answer, K> & Partial<Answer>;
    }
  }
}

async function cpuMsOf(child: ChildProcess): Promise<number> {
  const answer = answerOf(child, 'cpuUs');
  child.send({ cpu: true });
  const { user, system } = (await answer).cpuUs;
  return (user + system) / 1000;
}

/** Events one after the other: latency until the change is told, and processor time for each. */
async function measureEvents(server: ChildProcess, watcher: ChildProcess) {
  const latencies: number[] = [];
  const before = await cpuMsOf(watcher);
  for (let index = 0; index < EVENTS; index += 1) {
    const told = answerOf(watcher, 'changed');
    const from = performance.now();
    server.send({ change: index });
    await told;
    latencies.push(performance.now() - from);
  }
  const cpuMs = (await cpuMsOf(watcher)) - before;
  latencies.sort((left, right) => left - right);
  return {
    'event p50 ms': latencies[EVENTS / 2].toFixed(2),
    'event p99 ms': latencies[Math.floor(EVENTS * 0.99)].toFixed(2),
    'event CPU us': Math.round((cpuMs * 1000) / EVENTS),
  };
}

async function measureRelist(servers: ChildProcess[], watcher: ChildProcess) {
  const answer = answerOf(watcher, 'relistMs');
  watcher.send({ relist: true });
  await new Promise(resolve => setTimeout(resolve, 100));
  servers.forEach(server => server.send({ relist: true }));
  const { relistMs, longestTurnMs, longestGcMs } = await answer;
  return {
    're-list ms': relistMs,
    're-list longest turn CPU ms': longestTurnMs,
    're-list longest GC ms': longestGcMs,
  };
}

async function measure(size: {
  clusters: number;
  packages: number;
  pods: number;
}): Promise<object> {
  const servers = Array.from({ length: size.clusters }, () =>
    start('server.ts', [`${size.packages}`, `${size.pods}`]),
  );
  const urls = await Promise.all(
    servers.map(async server => (await answerOf(server, 'url')).url),
  );
  const watcher = start('watcher.ts', urls);
  const { report } = await answerOf(watcher, 'report');
  const row = {
    ...size,
    'sync ms': report.syncMs,
    'longest turn CPU ms': report.longestTurnMs,
    'longest GC ms': report.longestGcMs,
    'RSS MB': report.rssMb,
    'of that objects MB': report.rssMb - report.rssEmptyMb,
    'idle CPU': `${(report.idleCpu * 100).toFixed(2)} %`,
    ...(await measureEvents(servers[0], watcher)),
    ...(await measureRelist(servers, watcher)),
  };
  watcher.disconnect();
  servers.forEach(server => server.disconnect());
  return row;
}

async function main(): Promise<void> {
  const rows = [];
  const only = process.argv[2];
  const sizes = [
    { clusters: 1, packages: 0, pods: 0 },
    { clusters: 1, packages: 5_000, pods: 15_000 },
    { clusters: 1, packages: 10_000, pods: 50_000 },
    { clusters: 1, packages: 20_000, pods: 80_000 },
    { clusters: 20, packages: 50, pods: 200 },
  ];
  for (const [index, size] of sizes.entries()) {
    if (only === undefined || only === `${index}`) {
      rows.push(await measure(size));
    }
  }
  for (const row of rows) {
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}

void main();
