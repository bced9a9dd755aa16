import { BackoffOptions, backoffMs } from '../clusters/backoff';
import { Clock, systemClock } from '../clusters/clock';
import { TurnBudget } from '../clusters/TurnBudget';
import { KeyHeap } from './KeyHeap';
import { KeyLine } from './KeyLine';

/** `change` = somebody changed something; `resync` = looked at again as a precaution, after all changes. */
export type KeyPriority = 'change' | 'resync';

/** What became of one piece of work. */
export type WorkOutcome =
  | { readonly kind: 'done' }
  /** Nothing failed; look again later. */
  | { readonly kind: 'after'; readonly ms: number }
  /** Failed; tried again after the key's back-off, and not before `minMs`. */
  | { readonly kind: 'retry'; readonly minMs?: number };

/** What a queue is built from. */
export interface KeyQueueOptions {
  /** Works on one key. Never runs twice at once for the same key. A rejection counts as `retry`. */
  readonly work: (key: string) => Promise<WorkOutcome>;
  readonly concurrency: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly backoff?: BackoffOptions;
  /** Called when a key that waited is handed out. */
  readonly onDepthChange?: (depth: number) => void;
  /** Called when a key is handed out, with how long it was ready: not with how long it was delayed before. */
  readonly onHandOut?: (waitedMs: number) => void;
  /** Called when a key is to be tried again after a failure. */
  readonly onRetry?: () => void;
}

const DEFAULT_BACKOFF: BackoffOptions = { baseMs: 500, maxMs: 300_000 };

const priorities: readonly KeyPriority[] = ['change', 'resync'];

/**
 * Work queue of keys.
 *
 * A key waits at most once: in one of the ready lines, or for its time. Added while it is worked on, it is worked on
 * once more afterwards. Back-off is per key and ends with the first success.
 */
export class KeyQueue {
  readonly #work: (key: string) => Promise<WorkOutcome>;
  readonly #concurrency: number;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #backoff: BackoffOptions;
  readonly #onDepthChange: (depth: number) => void;
  readonly #onHandOut: (waitedMs: number) => void;
  readonly #onRetry: () => void;
  readonly #ready: Record<KeyPriority, KeyLine> = {
    change: new KeyLine(),
    resync: new KeyLine(),
  };
  readonly #turn: TurnBudget;
  #isResuming = false;
  readonly #delayed = new KeyHeap();
  /** Since when the keys in the ready lines are there. */
  readonly #readySince = new Map<string, number>();
  /** Keys that are worked on, and since when. */
  readonly #running = new Map<string, number>();
  /** Keys that were added while being worked on. */
  readonly #again = new Map<string, KeyPriority>();
  readonly #failures = new Map<string, number>();
  readonly #idleWaiters = new Set<() => void>();
  #isRunning = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(options: KeyQueueOptions) {
    this.#work = options.work;
    this.#concurrency = options.concurrency;
    this.#clock = options.clock ?? systemClock;
    this.#turn = new TurnBudget(this.#clock);
    this.#random = options.random ?? Math.random;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#onDepthChange = options.onDepthChange ?? (() => undefined);
    this.#onHandOut = options.onHandOut ?? (() => undefined);
    this.#onRetry = options.onRetry ?? (() => undefined);
  }

  /** Keys that could be worked on now, if there were a free place. */
  get depth(): number {
    return this.#ready.change.size + this.#ready.resync.size;
  }

  /** Keys that wait for their time. */
  get delayedCount(): number {
    return this.#delayed.size;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /** How long the oldest work under way has been going on; 0 when there is none. */
  get longestRunningMs(): number {
    const [oldest] = this.#running.values();
    return oldest === undefined ? 0 : this.#clock.monotonic() - oldest;
  }

  /** Failures in a row of a key. */
  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Asks for work on a key, now. A change ends a delay or back-off that it is in; a resync does not end a back-off. */
  add(key: string, priority: KeyPriority = 'change'): void {
    const isBackingOff = this.#failures.has(key) && this.#delayed.has(key);
    if (priority === 'resync' && isBackingOff) {
      return;
    }
    if (this.#running.has(key)) {
      if (this.#again.get(key) !== 'change') {
        this.#again.set(key, priority);
      }
      return;
    }
    this.#delayed.remove(key);
    this.#makeReady(key, priority);
    this.#pump();
  }

  /** Asks for work on a key after a time. Whatever comes first wins. */
  addAfter(key: string, ms: number): void {
    if (ms <= 0) {
      this.add(key);
      return;
    }
    if (!this.#isReady(key)) {
      this.#delayed.push(key, this.#clock.monotonic() + ms);
      this.#armTimer();
    }
  }

  /** Begins to hand out keys. */
  start(): void {
    this.#isRunning = true;
    this.#pump();
  }

  /** Hands out no more keys, forgets those that wait, and resolves when the work under way has ended. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const priority of priorities) {
      this.#ready[priority].clear();
    }
    this.#readySince.clear();
    this.#again.clear();
    this.#failures.clear();
    while (this.#delayed.popDue(Number.POSITIVE_INFINITY) !== undefined) {
      // Emptied one by one: the heap has no other way.
    }
    this.#onDepthChange(0);
    if (this.#running.size) {
      await new Promise<void>(resolve => this.#idleWaiters.add(resolve));
    }
  }

  #isReady(key: string): boolean {
    return this.#ready.change.has(key) || this.#ready.resync.has(key);
  }

  #makeReady(key: string, priority: KeyPriority): void {
    if (!this.#isReady(key)) {
      this.#readySince.set(key, this.#clock.monotonic());
    }
    if (priority === 'change') {
      this.#ready.resync.remove(key);
      this.#ready.change.add(key);
    } else if (!this.#ready.change.has(key)) {
      this.#ready.resync.add(key);
    }
    this.#onDepthChange(this.depth);
  }

  #pump(): void {
    while (this.#isRunning && this.#running.size < this.#concurrency) {
      if (this.#turn.isSpent) {
        this.#resumeNextTurn();
        break;
      }
      const key = this.#takeNext();
      if (key === undefined) {
        break;
      }
      this.#running.set(key, this.#clock.monotonic());
      void this.#process(key);
    }
    this.#armTimer();
  }

  /** Passes that never wait for anything would otherwise follow each other without end. */
  #resumeNextTurn(): void {
    if (!this.#isResuming) {
      this.#isResuming = true;
      this.#turn.onNextTurn(() => {
        this.#isResuming = false;
        this.#pump();
      });
    }
  }

  #takeNext(): string | undefined {
    for (const priority of priorities) {
      const key = this.#ready[priority].take();
      if (key !== undefined) {
        this.#noteHandOut(key);
        return key;
      }
    }
    return undefined;
  }

  #noteHandOut(key: string): void {
    const now = this.#clock.monotonic();
    this.#onHandOut(now - (this.#readySince.get(key) ?? now));
    this.#readySince.delete(key);
    this.#onDepthChange(this.depth);
  }

  /** Never rejects. */
  async #process(key: string): Promise<void> {
    let outcome: WorkOutcome;
    try {
      outcome = await this.#work(key);
    } catch {
      // The worker reports its own errors; here only the back-off matters.
      outcome = { kind: 'retry' };
    }
    this.#running.delete(key);
    if (this.#isRunning) {
      this.#settle(key, outcome);
      this.#pump();
    } else if (!this.#running.size) {
      this.#idleWaiters.forEach(resolve => resolve());
      this.#idleWaiters.clear();
    }
  }

  #settle(key: string, outcome: WorkOutcome): void {
    const again = this.#again.get(key);
    this.#again.delete(key);
    const delayMs = this.#delayAfter(key, outcome);
    if (again) {
      this.#makeReady(key, again);
    } else if (delayMs !== undefined) {
      this.addAfter(key, delayMs);
    }
  }

  /** Counts the outcome; undefined = nothing more to do. */
  #delayAfter(key: string, outcome: WorkOutcome): number | undefined {
    if (outcome.kind === 'retry') {
      const failures = this.failuresOf(key) + 1;
      this.#failures.set(key, failures);
      this.#onRetry();
      const ms = backoffMs(failures, this.#backoff, this.#random);
      return Math.max(ms, outcome.minMs ?? 0);
    }
    this.#failures.delete(key);
    return outcome.kind === 'after' ? outcome.ms : undefined;
  }

  #armTimer(): void {
    const at = this.#isRunning ? this.#delayed.peek() : undefined;
    if (this.#timer?.at === at) {
      return;
    }
    this.#timer?.cancel();
    this.#timer =
      at === undefined
        ? undefined
        : {
            at,
            cancel: this.#clock.setTimer(
              () => this.#onTimer(),
              Math.max(0, at - this.#clock.monotonic()),
            ),
          };
  }

  #onTimer(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (;;) {
      const key = this.#delayed.popDue(now);
      if (key === undefined) {
        break;
      }
      this.add(key);
    }
    this.#pump();
  }
}
