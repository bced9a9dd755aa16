import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock, sleep, systemClock } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { Listeners } from '../clusters/Listeners';
import { ClusterClient, ResourceKind } from '../clusters/types';
import { LatticeMetrics, noMetrics } from '../metrics';
import {
  ObservedLease,
  leaseToWrite,
  mayTakeLease,
  observeLease,
} from './leaseRules';

/** Namespace of everything that belongs to the suite itself. */
export const LATTICE_NAMESPACE = 'lattice-system';
/** Name of the Lease that decides who acts on a cluster. */
export const LEASE_NAME = 'lattice-portal';

/** Who acts on one cluster. */
export interface Leadership {
  /** Whether this process may act at this very moment. */
  isLeader(): boolean;
  /** Milliseconds for which this process may still act unless it renews; 0 when it is not the leader. */
  deadlineMs(): number;
  /** Grows with every change of holder, as seen on the Lease; undefined when not leader. A fencing token. */
  readonly term: number | undefined;
  /** Why this process cannot lead, for people. Absent when all is well, also when another process leads. */
  readonly error: string | undefined;
  onChange(listener: (isLeader: boolean) => void): () => void;
  start(): void;
  /** Gives the Lease up, so that a successor need not wait. Stop all work first. */
  stop(): Promise<void>;
}

/** Times of a Lease. The holder stops before anybody else may begin: `actMs` < `leaseMs`. */
export interface LeaseTiming {
  /** Others wait this long without a renewal before they take over. */
  readonly leaseMs: number;
  /** The holder acts this long after the start of its last successful renewal. */
  readonly actMs: number;
  readonly renewMs: number;
  /** Between attempts of those who wait, and after a failed renewal. */
  readonly retryMs: number;
}

/** 15 s, of which the holder uses at most 10. */
export const DEFAULT_LEASE_TIMING: LeaseTiming = {
  leaseMs: 15_000,
  actMs: 10_000,
  renewMs: 5_000,
  retryMs: 2_000,
};

/** What an election is built from. */
export interface LeaseLeadershipOptions {
  readonly client: ClusterClient;
  readonly logger: LoggerService;
  readonly identity?: string;
  readonly timing?: LeaseTiming;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly metrics?: LatticeMetrics;
}

const LEASES: ResourceKind = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

/** Leadership of a cluster that is only observed: nobody's, and no Lease is ever written. */
export function noLeadership(): Leadership {
  return {
    isLeader: () => false,
    deadlineMs: () => 0,
    term: undefined,
    error: undefined,
    onChange: () => () => undefined,
    start: () => undefined,
    stop: async () => undefined,
  };
}

/** Leadership by the Lease `lattice-system/lattice-portal` of the cluster itself. */
export class LeaseLeadership implements Leadership {
  readonly #client: ClusterClient;
  readonly #logger: LoggerService;
  readonly #identity: string;
  readonly #timing: LeaseTiming;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #metrics: LatticeMetrics;
  readonly #changes: Listeners<boolean>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #observed: ObservedLease | undefined;
  /** Monotonic time until which we may act. */
  #actUntil = 0;
  #term: number | undefined;
  #error: string | undefined;
  #wasLeader = false;
  #cancelExpiry: () => void = () => undefined;

  constructor(options: LeaseLeadershipOptions) {
    this.#client = options.client;
    this.#logger = options.logger;
    this.#changes = new Listeners('the leadership', options.logger);
    this.#identity = options.identity ?? `${hostname()}_${randomUUID()}`;
    this.#timing = options.timing ?? DEFAULT_LEASE_TIMING;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#metrics = options.metrics ?? noMetrics;
  }

  isLeader(): boolean {
    return this.deadlineMs() > 0;
  }

  deadlineMs(): number {
    return Math.max(0, this.#actUntil - this.#clock.monotonic());
  }

  get term(): number | undefined {
    return this.isLeader() ? this.#term : undefined;
  }

  get error(): string | undefined {
    return this.#error;
  }

  onChange(listener: (isLeader: boolean) => void): () => void {
    return this.#changes.add(listener);
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

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let isHeld = false;
      try {
        isHeld = await this.#tryToHold();
        this.#noteError(undefined);
      } catch (error) {
        if (!this.#stopping.signal.aborted) {
          this.#noteError(explainFailure(error));
        }
      }
      await sleep(
        this.#clock,
        this.#pauseMs(isHeld) * (0.9 + this.#random() * 0.2),
        this.#stopping.signal,
      );
    }
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
    const key = { namespace: LATTICE_NAMESPACE, name: LEASE_NAME };
    const lease = await this.#client.get(LEASES, key, { signal });
    this.#observed = observeLease(this.#observed, lease, startedAt);
    if (!mayTakeLease(this.#observed, this.#identity, startedAt)) {
      this.#setActUntil(0);
      return false;
    }
    const wanted = leaseToWrite(lease, {
      key,
      identity: this.#identity,
      leaseMs: this.#timing.leaseMs,
      now: new Date(this.#clock.now()),
    });
    try {
      const written = await this.#write(wanted, signal);
      this.#observed = observeLease(this.#observed, written, startedAt);
      this.#term = this.#observed?.transitions;
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
      await this.#client.replace(
        LEASES,
        { ...lease, spec },
        {
          signal: AbortSignal.timeout(this.#timing.retryMs),
        },
      );
    } catch (error) {
      this.#logger.debug(
        `The Lease was not given up, it runs out by itself: ${explainFailure(
          error,
        )}`,
      );
    }
  }

  #setActUntil(time: number): void {
    this.#actUntil = time;
    this.#cancelExpiry();
    const remainingMs = this.deadlineMs();
    if (remainingMs > 0) {
      this.#cancelExpiry = this.#clock.setTimer(
        () => this.#announce(),
        remainingMs + 1,
      );
    }
    this.#announce();
  }

  #announce(): void {
    const isLeader = this.isLeader();
    if (isLeader === this.#wasLeader) {
      return;
    }
    this.#wasLeader = isLeader;
    this.#metrics.recordLeadership(this.#client.cluster, isLeader);
    this.#logger.info(
      isLeader
        ? `This process now acts on cluster ${this.#client.cluster}`
        : `This process no longer acts on cluster ${this.#client.cluster}`,
    );
    this.#changes.tell(isLeader);
  }

  #noteError(error: string | undefined): void {
    if (error && error !== this.#error) {
      this.#logger.warn(`Cannot hold the Lease: ${error}`);
    }
    this.#error = error;
  }
}

function explainFailure(error: unknown): string {
  if (isClusterError(error, 'NotFound')) {
    return `the namespace ${LATTICE_NAMESPACE} does not exist on cluster ${error.cluster}; create it (it is part of the installation) so that one process can be chosen to act`;
  }
  return error instanceof Error ? error.message : 'unknown error';
}
