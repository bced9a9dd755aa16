import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock, systemClock } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { TurnBudget } from '../clusters/TurnBudget';
import { LatticeMetrics, noMetrics, ReconcileOutcome } from '../metrics';
import {
  KeyPriority,
  KeyQueue,
  KeyQueueOptions,
  WorkOutcome,
} from '../queue/KeyQueue';
import { Controller, ControllerOptions, ControllerSource } from './types';

export type { Controller, ControllerOptions, ControllerSource } from './types';

const DEFAULT_RESYNC_MS = 10 * 60_000;
const DEFAULT_TIME_LIMIT_MS = 10 * 60_000;
const ACTIVITY_CHECK_MS = 1_000;

class QueuedController implements Controller {
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #metrics: LatticeMetrics;
  readonly #logger: LoggerService;
  readonly #queue: KeyQueue;
  readonly #budget: TurnBudget;
  readonly #stopping = new AbortController();
  readonly #cleanups: Array<() => void> = [];
  /** Aborted when it is no longer our turn; replaced when it is again. */
  #turn: AbortController | undefined;
  #isStarted = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#budget = new TurnBudget(this.#clock);
    this.#random = options.random ?? Math.random;
    this.#metrics = options.metrics ?? noMetrics;
    this.#logger = options.logger.child({
      controller: options.name,
      cluster: options.cluster.name,
    });
    this.#queue = new KeyQueue({
      work: key => this.#work(key),
      concurrency: options.concurrency,
      clock: this.#clock,
      random: this.#random,
      backoff: options.backoff,
      ...this.#queueMetrics(),
    });
  }

  #queueMetrics(): Partial<KeyQueueOptions> {
    const { name, cluster } = this.#options;
    const metrics = this.#metrics;
    return {
      onDepthChange: depth =>
        metrics.recordQueueDepth(name, cluster.name, depth),
      onHandOut: waitedMs =>
        metrics.recordQueueLatency(name, cluster.name, waitedMs),
      onRetry: () => metrics.countRetry(name, cluster.name),
    };
  }

  get depth(): number {
    return this.#queue.depth;
  }

  start(): void {
    if (this.#isStarted || this.#stopping.signal.aborted) {
      return;
    }
    this.#isStarted = true;
    for (const source of this.#options.sources) {
      this.#subscribe(source);
    }
    const checkTurn = () => this.#checkTurn();
    const unsubscribe = this.#options.onActivityChange?.(checkTurn);
    this.#cleanups.push(() => unsubscribe?.());
    this.#repeat(
      () => ACTIVITY_CHECK_MS,
      () => {
        checkTurn();
        this.#recordLongestRunning();
      },
    );
    const resyncMs = this.#options.resyncMs ?? DEFAULT_RESYNC_MS;
    this.#repeat(
      () => resyncMs * (0.75 + this.#random() / 2),
      () => this.resync(),
    );
    this.resync();
    void this.#begin();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the controller stops'));
    this.#cleanups.splice(0).forEach(cleanup => cleanup());
    await this.#queue.stop();
  }

  enqueue(key: string): void {
    this.#enqueue(key, 'change');
  }

  resync(): void {
    for (const source of this.#options.sources) {
      void this.#resyncSource(source);
    }
  }

  /** Never rejects. */
  async #begin(): Promise<void> {
    const required = this.#options.sources.filter(source => source.required);
    try {
      await Promise.all(
        required.map(source => source.cache.synced(this.#stopping.signal)),
      );
    } catch {
      return; // Stopped before the caches were complete.
    }
    if (!this.#stopping.signal.aborted) {
      this.#checkTurn();
      this.#queue.start();
    }
  }

  #subscribe(source: ControllerSource): void {
    this.#cleanups.push(
      source.cache.onChange(change => {
        for (const key of source.keysOf(change)) {
          this.#enqueue(key, 'change');
        }
      }),
    );
    const unsubscribe = source.cache.onComplete?.(() => {
      void this.#resyncSource(source);
    });
    this.#cleanups.push(() => unsubscribe?.());
  }

  /** Never rejects. In small steps, because a cache may hold tens of thousands of objects. */
  async #resyncSource(source: ControllerSource): Promise<void> {
    try {
      for (const after of source.cache.list()) {
        for (const key of source.keysOf({ after })) {
          this.#enqueue(key, 'resync');
        }
        if (this.#budget.isSpent) {
          await this.#budget.breathe();
        }
      }
    } catch (error) {
      this.#logger.error('A resync was broken off', error as Error);
    }
  }

  #enqueue(key: string, priority: KeyPriority): void {
    if (this.#isStarted && !this.#stopping.signal.aborted) {
      this.#queue.add(key, priority);
    }
  }

  /** Notices that our turn begins or ends. */
  #checkTurn(): void {
    const isActive = this.#options.isActive();
    if (isActive && !this.#turn) {
      this.#turn = new AbortController();
      // What was skipped while it was not our turn is found by looking at everything.
      this.resync();
    } else if (!isActive && this.#turn) {
      this.#turn.abort(new Error('another process may act now'));
      this.#turn = undefined;
    }
  }

  async #work(key: string): Promise<WorkOutcome> {
    this.#checkTurn();
    const turn = this.#turn;
    if (!turn) {
      return { kind: 'done' };
    }
    const endWork = this.#options.cluster.beginWork?.();
    const limit = this.#startLimit();
    const startedAt = this.#clock.monotonic();
    try {
      const signal = AbortSignal.any([
        limit.signal,
        turn.signal,
        this.#stopping.signal,
      ]);
      const result = await this.#options.reconcile(key, { signal });
      const requeueAfterMs = result?.requeueAfterMs;
      this.#record(
        requeueAfterMs === undefined ? 'done' : 'requeued',
        startedAt,
      );
      return requeueAfterMs === undefined
        ? { kind: 'done' }
        : { kind: 'after', ms: requeueAfterMs };
    } catch (error) {
      return this.#noteFailure(key, error, startedAt, {
        isTimedOut: limit.signal.aborted,
        isOurTurn: !turn.signal.aborted && !this.#stopping.signal.aborted,
      });
    } finally {
      limit.cancel();
      endWork?.();
    }
  }

  /** The one place where errors of a reconcile function end. */
  #noteFailure(
    key: string,
    error: unknown,
    startedAt: number,
    state: { isTimedOut: boolean; isOurTurn: boolean },
  ): WorkOutcome {
    if (!state.isOurTurn) {
      this.#logger.debug(`Gave up the pass over ${key}: not our turn any more`);
      return { kind: 'done' };
    }
    this.#record(state.isTimedOut ? 'timedOut' : 'failed', startedAt);
    const message = error instanceof Error ? error.message : String(error);
    const attempt = this.#queue.failuresOf(key) + 1;
    const text = `Pass over ${key} failed (attempt ${attempt}): ${message}`;
    if (isClusterError(error, 'Conflict')) {
      // Somebody else wrote in between: the next pass reads the new state.
      this.#logger.debug(text);
    } else {
      this.#logger.warn(text, { key });
    }
    const minMs = isClusterError(error) ? error.retryAfterMs : undefined;
    return { kind: 'retry', minMs };
  }

  #startLimit(): { signal: AbortSignal; cancel: () => void } {
    const limit = new AbortController();
    const ms = this.#options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
    const cancel = this.#clock.setTimer(
      () => limit.abort(new Error(`the pass took longer than ${ms / 1000} s`)),
      ms,
    );
    return { signal: limit.signal, cancel };
  }

  #recordLongestRunning(): void {
    const { name, cluster } = this.#options;
    const ms = this.#queue.longestRunningMs;
    this.#metrics.recordLongestRunning(name, cluster.name, ms);
  }

  #record(outcome: ReconcileOutcome, startedAt: number): void {
    const { name, cluster } = this.#options;
    const durationMs = this.#clock.monotonic() - startedAt;
    this.#metrics.recordReconcile(name, cluster.name, outcome, durationMs);
  }

  /** Calls back again and again until the controller stops. */
  #repeat(nextMs: () => number, callback: () => void): void {
    let cancel: () => void;
    const arm = () => {
      cancel = this.#clock.setTimer(() => {
        arm();
        callback();
      }, nextMs());
    };
    arm();
    this.#cleanups.push(() => cancel());
  }
}

/** Creates a controller: maps changes to keys, and works on each key whenever it is this process' turn. */
export function createController(options: ControllerOptions): Controller {
  return new QueuedController(options);
}
