import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock } from '../clusters/clock';
import { ClusterEndpoint } from '../clusters/endpoint';
import { LeadershipNews } from '../controllers/LeadershipNews';
import { Leadership, LeaseTiming } from '../controllers/leadershipTypes';
import { LatticeMetrics } from '../metrics';
import { CredentialFeed } from './CredentialFeed';
import { CredentialAnswer, DutyReport, DutyRequest } from './messages';
import { SharedLeaseCell, shareNumbers } from './sharedMemory';

/** One cluster, as its election needs it. */
export interface DutyCluster {
  readonly name: string;
  /** What replicas call it among themselves; asked at the start. */
  readonly id: () => string;
  readonly endpoint: ClusterEndpoint;
  readonly timing: LeaseTiming;
  /** Whether nothing that acts on it is under way. */
  readonly isIdle: () => boolean;
  readonly logger: LoggerService;
  readonly metrics: LatticeMetrics;
}

/** What an election shares with the others of its process. */
export interface RoomLeadershipOptions {
  readonly cluster: DutyCluster;
  readonly identity: string;
  readonly clock: Clock;
  readonly post: (request: DutyRequest) => void;
}

/** How long a stop waits for the other thread to give the Lease up. */
const STOP_DEADLINE_MS = 5_000;
/** A wish to hand over is forgotten when nothing has been idle for so long; the next one comes with a renewal. */
const WISH_MS = 30_000;

/**
 * Leadership as the thread that acts sees it: the election runs elsewhere, the deadline is read from shared memory, so
 * that it ends in time whatever became of the other thread.
 */
export class RoomLeadership implements Leadership {
  readonly #options: RoomLeadershipOptions;
  readonly #memory = shareNumbers(SharedLeaseCell.NUMBERS);
  readonly #cell = new SharedLeaseCell(this.#memory);
  readonly #news: LeadershipNews;
  readonly #feed: CredentialFeed;
  #error: string | undefined;
  /** We stopped acting, and wait until the other thread has given the Lease up. */
  #isYielding = false;
  #wishUntil = 0;
  #isStarted = false;
  #isOpen = false;
  #stopped: Promise<void> | undefined;
  #noteStopped: () => void = () => undefined;
  #cancelExpiry: () => void = () => undefined;

  constructor(options: RoomLeadershipOptions) {
    this.#options = options;
    const { name, endpoint, logger, metrics } = options.cluster;
    this.#news = new LeadershipNews({ cluster: name, logger, metrics });
    this.#feed = new CredentialFeed({
      endpoint,
      clock: options.clock,
      onAnswer: answer => this.#noteCredentials(answer),
    });
  }

  isLeader(): boolean {
    return this.deadlineMs() > 0;
  }

  deadlineMs(): number {
    return this.#isYielding
      ? 0
      : Math.max(0, this.#cell.actUntil - this.#options.clock.monotonic());
  }

  get term(): number | undefined {
    return this.isLeader() ? this.#cell.term : undefined;
  }

  get error(): string | undefined {
    return this.#error;
  }

  onChange(listener: (isLeader: boolean) => void): () => void {
    return this.#news.onChange(listener);
  }

  start(): void {
    if (!this.#isStarted && !this.#stopped) {
      this.#isStarted = true;
      void this.#feed.refresh();
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Looks at the deadline, and yields when that is wished and nothing is under way. Called several times a second. */
  check(): void {
    const { clock, cluster } = this.#options;
    const leftMs = this.deadlineMs();
    this.#news.announce(leftMs > 0);
    this.#cancelExpiry();
    if (leftMs > 0) {
      this.#cancelExpiry = clock.setTimer(() => this.check(), leftMs + 1);
    }
    const isWished = clock.monotonic() < this.#wishUntil;
    if (isWished && !this.#stopped && leftMs > 0 && cluster.isIdle()) {
      this.#yield();
    }
  }

  /** Takes note of what the other thread tells of this cluster. */
  note(report: DutyReport): void {
    switch (report.type) {
      case 'state':
        this.#error = report.error;
        break;
      case 'handOverWish':
        this.#wishUntil = this.#options.clock.monotonic() + WISH_MS;
        break;
      case 'handedOver':
        this.#isYielding = this.#stopped !== undefined;
        break;
      case 'stopped':
        this.#noteStopped();
        break;
      case 'credentialsRefused':
        void this.#feed.refresh();
        break;
      default:
        break;
    }
    this.check();
  }

  /** Asks for the election again, because whoever ran it is gone. */
  reopen(): void {
    if (this.#stopped) {
      this.#noteStopped();
      return;
    }
    this.#isYielding = false;
    if (this.#isOpen && this.#feed.last) {
      this.#open(this.#feed.last);
    }
  }

  /** In one go, so that no pass begins in between: not leader any more, then asked to give the Lease up. */
  #yield(): void {
    const { cluster, post } = this.#options;
    this.#wishUntil = 0;
    this.#isYielding = true;
    cluster.logger.info(
      `Cluster ${cluster.name} is handed over to another replica, whose turn it is`,
    );
    this.#news.announce(false);
    cluster.metrics.countHandover(cluster.name);
    post({ type: 'handOver', cluster: cluster.name });
  }

  #noteCredentials(answer: CredentialAnswer): void {
    if (this.#isOpen) {
      const cluster = this.#options.cluster.name;
      this.#options.post({ type: 'credentials', cluster, answer });
    } else {
      this.#open(answer);
    }
  }

  #open(answer: CredentialAnswer): void {
    const { cluster, identity, post } = this.#options;
    this.#isOpen = true;
    post({
      type: 'open',
      cluster: cluster.name,
      id: cluster.id(),
      identity,
      server: cluster.endpoint.server.href,
      timing: cluster.timing,
      cell: this.#memory,
      answer,
    });
  }

  async #end(): Promise<void> {
    const { clock, cluster, post } = this.#options;
    this.#feed.stop();
    this.#isYielding = true;
    this.#cancelExpiry();
    this.#news.announce(false);
    if (this.#isOpen) {
      await new Promise<void>(resolve => {
        const cancel = clock.setTimer(resolve, STOP_DEADLINE_MS);
        this.#noteStopped = () => {
          cancel();
          resolve();
        };
        post({ type: 'stop', cluster: cluster.name });
      });
    }
  }
}
