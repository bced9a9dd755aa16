import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock, sleep, systemClock } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { ClusterClient } from '../clusters/types';
import { LatticeMetrics, noMetrics } from '../metrics';
import {
  DEFAULT_LEASE_TIMING,
  LATTICE_NAMESPACE,
  Leadership,
  LEASE_NAME,
  LeaseCell,
  LEASES,
  LeaseShare,
  LeaseTiming,
  NO_SHARE,
} from './leadershipTypes';
import { LeadershipNews } from './LeadershipNews';
import {
  freeSince,
  leaseToWrite,
  mayTakeLease,
  ObservedLease,
  observeLease,
} from './leaseRules';

/** What an election is built from. */
export interface LeaseLeadershipOptions {
  readonly client: ClusterClient;
  readonly logger: LoggerService;
  readonly identity?: string;
  readonly timing?: LeaseTiming;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly metrics?: LatticeMetrics;
  /** Where the deadline is kept; unless told, only this object sees it. */
  readonly cell?: LeaseCell;
  /** Whose turn it is among several replicas; always ours unless told. */
  readonly share?: LeaseShare;
  /** While it says no, nothing is taken or renewed. */
  readonly mayRenew?: () => boolean;
  /** Called after every round, with what went wrong. */
  readonly onRound?: (failure: unknown) => void;
}

const KEY = { namespace: LATTICE_NAMESPACE, name: LEASE_NAME };

/** Said while the thread that acts gives no sign of life. */
export const SILENT_THREAD =
  'the main thread of this process does not answer, so the Lease is left to run out';

/** Leadership by the Lease `lattice-system/lattice-portal` of the cluster itself. */
export class LeaseLeadership implements Leadership {
  readonly #client: ClusterClient;
  readonly #logger: LoggerService;
  readonly #identity: string;
  readonly #timing: LeaseTiming;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #cell: LeaseCell;
  readonly #share: LeaseShare;
  readonly #mayRenew: () => boolean;
  readonly #onRound: (failure: unknown) => void;
  readonly #news: LeadershipNews;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #round: Promise<boolean> = Promise.resolve(false);
  #observed: ObservedLease | undefined;
  #isHandingOver = false;
  /** Monotonic time before which a Lease that we handed over is left to others. */
  #abstainUntil = 0;
  #cancelExpiry: () => void = () => undefined;

  constructor(options: LeaseLeadershipOptions) {
    this.#client = options.client;
    this.#logger = options.logger;
    this.#identity = options.identity ?? `${hostname()}_${randomUUID()}`;
    this.#timing = options.timing ?? DEFAULT_LEASE_TIMING;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#cell = options.cell ?? { actUntil: 0, term: 0 };
    this.#share = options.share ?? NO_SHARE;
    this.#mayRenew = options.mayRenew ?? (() => true);
    this.#onRound = options.onRound ?? (() => undefined);
    this.#news = new LeadershipNews({
      cluster: options.client.cluster,
      logger: options.logger,
      metrics: options.metrics ?? noMetrics,
    });
  }

  isLeader(): boolean {
    return this.deadlineMs() > 0;
  }

  deadlineMs(): number {
    return Math.max(0, this.#cell.actUntil - this.#clock.monotonic());
  }

  get term(): number | undefined {
    return this.isLeader() ? this.#cell.term : undefined;
  }

  get error(): string | undefined {
    return this.#news.error;
  }

  onChange(listener: (isLeader: boolean) => void): () => void {
    return this.#news.onChange(listener);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('leadership stops'));
    await this.#loop;
    const wasLeader = this.isLeader();
    this.#setActUntil(0);
    if (wasLeader) {
      await this.#release();
    }
  }

  /**
   * Gives the Lease to whoever wants it, and leaves it alone for a while. Whoever acts must have stopped before. Never
   * rejects.
   */
  async handOver(abstainMs: number): Promise<void> {
    this.#isHandingOver = true;
    try {
      await this.#round.catch(() => undefined); // The loop reports it.
      const wasLeader = this.isLeader();
      this.#setActUntil(0);
      this.#abstainUntil = this.#clock.monotonic() + abstainMs;
      if (wasLeader) {
        await this.#release();
      }
    } finally {
      this.#isHandingOver = false;
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let isHeld = false;
      try {
        this.#round = this.#oneRound();
        isHeld = await this.#round;
        this.#onRound(undefined);
      } catch (error) {
        if (!this.#stopping.signal.aborted) {
          this.#news.noteError(explainFailure(error));
          this.#onRound(error);
        }
      }
      await sleep(
        this.#clock,
        this.#pauseMs(isHeld) * (0.9 + this.#random() * 0.2),
        this.#stopping.signal,
      );
    }
  }

  async #oneRound(): Promise<boolean> {
    if (this.#isHandingOver) {
      return false;
    }
    if (!this.#mayRenew()) {
      this.#news.noteError(SILENT_THREAD);
      return false;
    }
    const isHeld = await this.#tryToHold();
    this.#news.noteError(undefined);
    if (isHeld) {
      this.#share.noteHeld();
    }
    return isHeld;
  }

  /** A holder whose renewal failed has little time left, so it tries twice as often as those who wait. */
  #pauseMs(isHeld: boolean): number {
    const { renewMs, retryMs } = this.#timing;
    if (isHeld) {
      return renewMs;
    }
    return this.isLeader() ? retryMs / 2 : retryMs;
  }

  /** One round: read, and take or renew when we may. */
  async #tryToHold(): Promise<boolean> {
    const startedAt = this.#clock.monotonic();
    const signal = AbortSignal.any([
      this.#stopping.signal,
      AbortSignal.timeout(this.#timing.renewMs),
    ]);
    const lease = await this.#client.get(LEASES, KEY, { signal });
    this.#observed = observeLease(this.#observed, lease, startedAt);
    if (!this.#mayHold(this.#observed, startedAt)) {
      this.#setActUntil(0);
      return false;
    }
    const wanted = leaseToWrite(lease, {
      key: KEY,
      identity: this.#identity,
      leaseMs: this.#timing.leaseMs,
      now: new Date(this.#clock.now()),
    });
    try {
      const written = await this.#write(wanted, signal);
      this.#observed = observeLease(this.#observed, written, startedAt);
      this.#cell.term = this.#observed.transitions;
      // Counted from before the request, so that a slow answer shortens our time and never lengthens it.
      this.#setActUntil(startedAt + this.#timing.actMs);
      return true;
    } catch (error) {
      if (
        isClusterError(error, 'Conflict') ||
        isClusterError(error, 'AlreadyExists')
      ) {
        return false; // Somebody was faster; the next round reads who.
      }
      throw error;
    }
  }

  /** Whether the rules of the Lease let us have it, and it is our turn. */
  #mayHold(observed: ObservedLease, now: number): boolean {
    const mayTake = mayTakeLease(observed, this.#identity, now);
    const isOurs = observed.holder === this.#identity;
    this.#share.noteHolder(observed.holder, mayTake && !isOurs);
    if (!mayTake || isOurs) {
      return mayTake;
    }
    return (
      this.#share.isPreferred() ||
      (now - freeSince(observed) >= this.#share.graceMs &&
        now >= this.#abstainUntil)
    );
  }

  #write(
    lease: KubernetesObject,
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    return lease.metadata.resourceVersion
      ? this.#client.replace(LEASES, lease, { signal })
      : this.#client.create(LEASES, lease, { signal });
  }

  async #release(): Promise<void> {
    const lease = this.#observed?.lease;
    if (!lease) {
      return;
    }
    const spec = { ...(lease.spec as object), holderIdentity: '' };
    try {
      const signal = AbortSignal.timeout(this.#timing.retryMs);
      await this.#client.replace(LEASES, { ...lease, spec }, { signal });
    } catch (error) {
      this.#logger.debug(
        `The Lease was not given up, it runs out by itself: ${explainFailure(
          error,
        )}`,
      );
    }
  }

  #setActUntil(time: number): void {
    this.#cell.actUntil = time;
    this.#cancelExpiry();
    const remainingMs = this.deadlineMs();
    if (remainingMs > 0) {
      this.#cancelExpiry = this.#clock.setTimer(
        () => this.#news.announce(this.isLeader()),
        remainingMs + 1,
      );
    }
    this.#news.announce(this.isLeader());
  }
}

function explainFailure(error: unknown): string {
  if (isClusterError(error, 'NotFound')) {
    return `the namespace ${LATTICE_NAMESPACE} does not exist on cluster ${error.cluster}; create it (it is part of the installation) so that one process can be chosen to act`;
  }
  return error instanceof Error ? error.message : 'unknown error';
}
