import { ChangeSignal } from '@lattice-portal/backstage-plugin-lattice-common';

/** Waits after an answer that is older than the signal that asked for it. */
export const CATCH_UP_DELAYS_MS = [250, 500, 1000, 2000, 4000];

/** What a screen shows of a live question. A failed refresh keeps the last answer. */
export interface LiveState<T> {
  readonly answer?: T;
  readonly error?: Error;
  /** The first answer is still awaited. */
  readonly isLoading: boolean;
  /** Milliseconds since the epoch when the answer came. */
  readonly answeredAt?: number;
}

/** Parts of a {@link LiveFeed}; timers and clock are injected. */
export interface LiveFeedOptions<T> {
  load(): Promise<T>;
  /** Revision of the answer by cluster. */
  revisionsOf(answer: T): ReadonlyMap<string, number>;
  onState(state: LiveState<T>): void;
  now(): number;
  /** Runs later; the returned function cancels. */
  schedule(run: () => void, delayMs: number): () => void;
}

/**
 * Keeps one answer of the backend fresh.
 *
 * @remarks
 * A signal says that a cluster has reached a revision. The feed loads until the answer has reached it too, within
 * {@link CATCH_UP_DELAYS_MS}; after that the slow poll of the hook takes over. One load runs at a time, and signals that
 * arrive meanwhile ask for one more.
 */
export class LiveFeed<T> {
  readonly #options: LiveFeedOptions<T>;
  readonly #wanted = new Map<string, number>();
  #state: LiveState<T> = { isLoading: true };
  #isRunning = false;
  #isAskedAgain = false;
  #isStopped = false;
  #attempt = 0;
  #askedAt = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(options: LiveFeedOptions<T>) {
    this.#options = options;
  }

  /** Loads now, or once more after the load that is under way. */
  reload(): void {
    if (this.#isStopped) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#isRunning) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isRunning = true;
    this.#askedAt = this.#options.now();
    this.#options.load().then(
      answer => this.#settle({ answer }),
      (error: unknown) =>
        this.#settle({
          error: error instanceof Error ? error : new Error(String(error)),
        }),
    );
  }

  /** Tells that a cluster has changed. */
  announce(signal: ChangeSignal): void {
    const held = this.#state.answer && this.#heldRevision(signal.cluster);
    if (this.#state.answer && held === undefined) return;
    if (held === signal.revision) return;
    if (held === undefined || signal.revision > held) {
      const wanted = this.#wanted.get(signal.cluster) ?? 0;
      this.#wanted.set(signal.cluster, Math.max(wanted, signal.revision));
    }
    // A lower revision means that the backend started anew: one load, nothing to catch up with.
    this.#attempt = 0;
    this.reload();
  }

  /** Milliseconds since the backend was last asked. */
  sinceAsked(): number {
    return this.#options.now() - this.#askedAt;
  }

  /** The last load failed. */
  hasFailed(): boolean {
    return this.#state.error !== undefined;
  }

  /** Nothing is reported after this. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
  }

  #heldRevision(cluster: string): number | undefined {
    return this.#state.answer
      ? this.#options.revisionsOf(this.#state.answer).get(cluster)
      : undefined;
  }

  #settle(outcome: { answer?: T; error?: Error }): void {
    this.#isRunning = false;
    if (this.#isStopped) return;
    this.#state =
      outcome.error !== undefined
        ? { ...this.#state, isLoading: false, error: outcome.error }
        : {
            answer: outcome.answer,
            isLoading: false,
            answeredAt: this.#options.now(),
          };
    this.#options.onState(this.#state);
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      this.reload();
      return;
    }
    this.#catchUp();
  }

  #catchUp(): void {
    if (!this.#isBehind()) {
      this.#wanted.clear();
      this.#attempt = 0;
      return;
    }
    const delayMs = CATCH_UP_DELAYS_MS[this.#attempt];
    if (delayMs === undefined) {
      this.#wanted.clear();
      return;
    }
    this.#attempt += 1;
    this.#cancelRetry = this.#options.schedule(() => this.reload(), delayMs);
  }

  #isBehind(): boolean {
    for (const [cluster, revision] of this.#wanted) {
      const held = this.#heldRevision(cluster);
      if (this.#state.error || (held !== undefined && held < revision)) {
        return true;
      }
    }
    return false;
  }
}
