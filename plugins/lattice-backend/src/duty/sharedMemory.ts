import { LeaseCell } from '../controllers/leadershipTypes';

const BYTES_PER_NUMBER = 8;

/** Memory for so many numbers that two threads share. */
export function shareNumbers(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(count * BYTES_PER_NUMBER);
}

/** Deadline and term of one Lease, kept where every thread sees the last write at once. */
export class SharedLeaseCell implements LeaseCell {
  static readonly NUMBERS = 2;
  readonly #numbers: BigInt64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new BigInt64Array(memory);
  }

  get actUntil(): number {
    return Number(Atomics.load(this.#numbers, 0)) / 1_000;
  }

  /** Rounded down, so that sharing never lengthens a deadline. */
  set actUntil(ms: number) {
    Atomics.store(this.#numbers, 0, BigInt(Math.floor(ms * 1_000)));
  }

  get term(): number {
    return Number(Atomics.load(this.#numbers, 1));
  }

  set term(term: number) {
    Atomics.store(this.#numbers, 1, BigInt(term));
  }
}

/** When the thread that acts was last seen alive. */
export class Pulse {
  static readonly NUMBERS = 1;
  readonly #numbers: BigInt64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new BigInt64Array(memory);
  }

  beat(monotonicMs: number): void {
    Atomics.store(this.#numbers, 0, BigInt(Math.floor(monotonicMs * 1_000)));
  }

  silentMs(monotonicMs: number): number {
    return monotonicMs - Number(Atomics.load(this.#numbers, 0)) / 1_000;
  }
}
