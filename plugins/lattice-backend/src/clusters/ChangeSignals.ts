import { Clock } from './clock';

/** At most one signal per this time and cluster. */
const INTERVAL_MS = 1_000;

/**
 * Turns any number of changes into at most one call a second: the first change is told at once, what follows within
 * the second is told once at its end.
 */
export class ChangeSignals {
  readonly #clock: Clock;
  readonly #emit: () => void;
  #cancel: (() => void) | undefined;
  #isPending = false;

  constructor(clock: Clock, emit: () => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  notify(): void {
    if (this.#cancel) {
      this.#isPending = true;
      return;
    }
    this.#emitNow();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isPending = false;
  }

  #emitNow(): void {
    this.#isPending = false;
    this.#cancel = this.#clock.setTimer(() => {
      this.#cancel = undefined;
      if (this.#isPending) {
        this.#emitNow();
      }
    }, INTERVAL_MS);
    this.#emit();
  }
}
