import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock, sleep } from '../clusters/clock';
import { Listeners } from '../clusters/Listeners';
import {
  DEFAULT_LEASE_TIMING,
  LeaseTiming,
} from '../controllers/leadershipTypes';
import { DutyTable } from './DutyTable';
import { threadClock } from './threadClock';
import { Duty } from './types';

/** A cluster as the rows name it. */
export interface ObservedCluster {
  readonly name: string;
  /** Its UID, or its name while that is not known. */
  readonly id: string;
}

/** What the duty for observed clusters is built from. */
export interface ObserverDutyOptions {
  /** May reject; asked again with every attempt. */
  readonly openTable: () => Promise<Pick<DutyTable, 'claim' | 'release'>>;
  /** Clusters that somebody has to be on duty for; asked again each time. */
  readonly clusters: () => readonly ObservedCluster[];
  readonly identity: string;
  readonly logger: LoggerService;
  readonly timing?: LeaseTiming;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * Duty for clusters that are only observed, where no Lease may be written: by a row of Backstage's database. Like a
 * Lease it is used for less time than it lasts, so that two replicas never think that it is theirs.
 */
export class ObserverDuty implements Duty {
  readonly #options: ObserverDutyOptions;
  readonly #timing: LeaseTiming;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #begins: Listeners<string>;
  readonly #stopping = new AbortController();
  /** Monotonic time until which we are on duty, by name of the cluster. */
  #until = new Map<string, number>();
  #loop: Promise<void> | undefined;
  #table: Pick<DutyTable, 'claim' | 'release'> | undefined;
  #hasFailed = false;

  constructor(options: ObserverDutyOptions) {
    this.#options = options;
    this.#begins = new Listeners('the duty', options.logger);
    this.#timing = options.timing ?? DEFAULT_LEASE_TIMING;
    this.#clock = options.clock ?? threadClock;
    this.#random = options.random ?? Math.random;
  }

  isOnDuty(cluster: string): boolean {
    const until = this.#until.get(cluster);
    return until !== undefined && this.#clock.monotonic() < until;
  }

  onBegin(listener: (cluster: string) => void): () => void {
    return this.#begins.add(listener);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Lets another replica have the duties at once. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the duty ends'));
    await this.#loop;
    this.#until.clear();
    try {
      await this.#table?.release(this.#options.identity);
    } catch (error) {
      this.#options.logger.debug(
        `Duties were left to run out: ${(error as Error).message}`,
      );
    }
  }

  async #run(): Promise<void> {
    const { renewMs, retryMs } = this.#timing;
    while (!this.#stopping.signal.aborted) {
      const isHeld = await this.#oneRound();
      await sleep(
        this.#clock,
        (isHeld ? renewMs : retryMs) * (0.9 + this.#random() * 0.2),
        this.#stopping.signal,
      );
    }
  }

  /** Answers whether every cluster is ours. Never rejects. */
  async #oneRound(): Promise<boolean> {
    const { clusters, identity, logger, openTable } = this.#options;
    const startedAt = this.#clock.monotonic();
    const wanted = clusters();
    try {
      this.#table ??= await openTable();
      const held = await this.#table.claim(
        identity,
        wanted.map(({ id }) => id),
        this.#timing.leaseMs,
      );
      const until = startedAt + this.#timing.actMs;
      const ours = wanted.filter(({ id }) => held.includes(id));
      this.#hasFailed = false;
      this.#note(new Map(ours.map(({ name }) => [name, until])));
      return ours.length === wanted.length;
    } catch (error) {
      if (!this.#hasFailed) {
        logger.warn(
          'The database does not say which replica is on duty, so this one announces no changes of observed clusters',
          error as Error,
        );
      }
      this.#hasFailed = true;
      return false;
    }
  }

  #note(until: Map<string, number>): void {
    const begun = [...until.keys()].filter(name => !this.isOnDuty(name));
    this.#until = until;
    begun.forEach(name => this.#begins.tell(name));
  }
}
