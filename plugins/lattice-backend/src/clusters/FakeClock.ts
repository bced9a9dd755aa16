import { Clock } from './clock';

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** Clock for tests: time moves only when `advance` is called. */
export class FakeClock implements Clock {
  #time: number;
  #sequence = 0;
  readonly #timers = new Set<Timer>();
  readonly #epoch: number;

  constructor(epoch = Date.parse('2026-01-01T00:00:00Z')) {
    this.#time = 0;
    this.#epoch = epoch;
  }

  now(): number {
    return this.#epoch + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  setTimer(callback: () => void, ms: number): () => void {
    const timer = {
      at: this.#time + Math.max(0, ms),
      sequence: this.#sequence++,
      callback,
    };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time on, firing timers in their order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await settle();
    for (;;) {
      const next = this.#nextBefore(end);
      if (!next) {
        break;
      }
      this.#timers.delete(next);
      this.#time = Math.max(this.#time, next.at);
      next.callback();
      await settle();
    }
    this.#time = end;
    await settle();
  }

  #nextBefore(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      const isEarlier =
        !next ||
        timer.at < next.at ||
        (timer.at === next.at && timer.sequence < next.sequence);
      if (timer.at <= end && isEarlier) {
        next = timer;
      }
    }
    return next;
  }
}

/** One real turn of the event loop, in which every promise that can settle does. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
