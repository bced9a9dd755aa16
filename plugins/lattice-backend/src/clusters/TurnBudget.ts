import { Clock } from './clock';

/** The main loop serves requests, health checks and Lease renewals: nothing may hold it for over 20 ms. */
const TURN_MS = 5;

/** Tells long work when it has held the event loop for long enough in one turn. */
export class TurnBudget {
  readonly #clock: Clock;
  #startedAt: number | undefined;
  #waiters: Array<() => void> = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the work should go on in the next turn. */
  get isSpent(): boolean {
    if (this.#startedAt === undefined) {
      this.#startedAt = this.#clock.monotonic();
      setImmediate(() => this.#beginTurn());
    }
    return this.#clock.monotonic() - this.#startedAt > TURN_MS;
  }

  /** Calls back in the next turn of the event loop, in which there is time again. */
  onNextTurn(callback: () => void): void {
    this.#waiters.push(callback);
  }

  /** Resolves at once while there is time, else in the next turn. */
  async breathe(): Promise<void> {
    if (this.isSpent) {
      await new Promise<void>(resolve => this.onNextTurn(resolve));
    }
  }

  #beginTurn(): void {
    this.#startedAt = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    waiters.forEach(resume => resume());
  }
}
