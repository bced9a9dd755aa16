import { LoggerService } from '@backstage/backend-plugin-api';
import { Listeners } from '../clusters/Listeners';
import { LatticeMetrics } from '../metrics';

/** Tells of every change of who acts on one cluster: once, in the log, the metrics and to listeners. */
export class LeadershipNews {
  readonly #cluster: string;
  readonly #logger: LoggerService;
  readonly #metrics: LatticeMetrics;
  readonly #listeners: Listeners<boolean>;
  #wasLeader = false;
  #error: string | undefined;

  constructor(options: {
    readonly cluster: string;
    readonly logger: LoggerService;
    readonly metrics: LatticeMetrics;
  }) {
    this.#cluster = options.cluster;
    this.#logger = options.logger;
    this.#metrics = options.metrics;
    this.#listeners = new Listeners('the leadership', options.logger);
  }

  /** Why the Lease cannot be held, for people. */
  get error(): string | undefined {
    return this.#error;
  }

  onChange(listener: (isLeader: boolean) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Tells how it stands now; does nothing when that is known already. */
  announce(isLeader: boolean): void {
    if (isLeader === this.#wasLeader) {
      return;
    }
    this.#wasLeader = isLeader;
    this.#metrics.recordLeadership(this.#cluster, isLeader);
    this.#logger.info(
      isLeader
        ? `This process now acts on cluster ${this.#cluster}`
        : `This process no longer acts on cluster ${this.#cluster}`,
    );
    this.#listeners.tell(isLeader);
  }

  /** Remembers why the Lease cannot be held, and logs a new reason; undefined = all is well. */
  noteError(error: string | undefined): void {
    if (error && error !== this.#error) {
      this.#logger.warn(`Cannot hold the Lease: ${error}`);
    }
    this.#error = error;
  }
}
