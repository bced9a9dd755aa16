import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LEASE_NAME } from '../../controllers/leadershipTypes';
import { LeaseServerState, LeaseWrite } from './serveLeases';

/** Jest's own loader reaches no thread; this is how `backstage-cli package start` loads TypeScript. */
export const THREAD_ARGUMENTS = [
  '--require',
  require.resolve('@backstage/cli/config/nodeTransform.cjs'),
];

const BOOTSTRAP = `
  const { parentPort, workerData } = require('node:worker_threads');
  require(workerData).serveLeases(parentPort);
`;

/** API server that knows Leases alone, in a thread of its own, so that it answers while the test computes. */
export class LeaseApiServer {
  readonly url: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<LeaseApiServer> {
    const worker = new Worker(BOOTSTRAP, {
      eval: true,
      execArgv: THREAD_ARGUMENTS,
      workerData: join(__dirname, 'serveLeases.ts'),
    });
    const port = await new Promise<number>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return new LeaseApiServer(worker, port);
  }

  async state(): Promise<LeaseServerState> {
    return (await (
      await fetch(`${this.url}/state`)
    ).json()) as LeaseServerState;
  }

  /** Holder of a cluster's Lease; empty = nobody. */
  async holderOf(cluster: string): Promise<string> {
    const { leases } = await this.state();
    const lease = leases[cluster]?.find(
      ({ metadata }) => metadata.name === LEASE_NAME,
    );
    return lease?.spec.holderIdentity ?? '';
  }

  /** Writes of the one Lease of a cluster. */
  async writesOf(cluster: string): Promise<LeaseWrite[]> {
    const { writes } = await this.state();
    return writes.filter(
      write => write.cluster === cluster && write.name === LEASE_NAME,
    );
  }

  async setFaults(
    cluster: string,
    faults: { isAway?: boolean; isStrict?: boolean },
  ): Promise<void> {
    await fetch(`${this.url}/faults`, {
      method: 'POST',
      body: JSON.stringify({ cluster, ...faults }),
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
