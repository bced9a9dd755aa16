import { backoffMs } from './backoff';
import { WatchFailure } from './classifyWatchFailure';
import { ResourceWatchTiming } from './watchTiming';

/** How long a watch waits before its next attempt. */
export class WatchPace {
  readonly #timing: ResourceWatchTiming;
  readonly #random: () => number;
  /** Failures in a row. */
  #failures = 0;
  /** Lists that a 410 followed before any event came. */
  #gaps = 0;

  constructor(timing: ResourceWatchTiming, random: () => number) {
    this.#timing = timing;
    this.#random = random;
  }

  /** The server has answered. */
  noteContact(): void {
    this.#failures = 0;
  }

  /** The server has sent an event that leads on. */
  noteProgress(): void {
    this.#gaps = 0;
  }

  /** The wait after a watch that ended as it should. */
  afterEnd(): number {
    return this.#backoff(1);
  }

  /** The wait after a failure, never shorter than the server asked for. */
  afterFailure({ retry, retryAfterMs }: WatchFailure): number {
    this.#failures += 1;
    if (retry === 'slowly') {
      return this.#timing.notServedMs * (0.75 + this.#random() / 2);
    }
    if (retry === 'atOnce') {
      this.#gaps += 1;
      return this.#gaps === 1 ? 0 : this.#backoff(this.#gaps);
    }
    return Math.max(this.#backoff(this.#failures), retryAfterMs);
  }

  /** How long the server is asked to keep a watch open. */
  watchSeconds(): number {
    const { min, max } = this.#timing.watchSeconds;
    return Math.round(min + this.#random() * (max - min));
  }

  #backoff(failures: number): number {
    return backoffMs(failures, this.#timing.backoff, this.#random);
  }
}
