import { Clock } from './clock';

/** When a stream counts as dead. */
export interface WatchdogOptions {
  readonly clock: Clock;
  /** Its abort aborts the stream too, without counting as expiry. */
  readonly parent: AbortSignal;
  /** Longest life of the stream. */
  readonly deadlineMs: number;
  /** Longest time without a byte. */
  readonly silenceMs: number;
}

/** Aborts a stream that lives too long or says nothing: the only way to notice a half-open connection. */
export class Watchdog {
  readonly signal: AbortSignal;
  readonly #options: WatchdogOptions;
  readonly #expiry = new AbortController();
  readonly #cancelDeadline: () => void;
  #cancelSilence: () => void;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([this.#expiry.signal, options.parent]);
    this.#cancelDeadline = this.#arm(options.deadlineMs);
    this.#cancelSilence = this.#arm(options.silenceMs);
  }

  get hasExpired(): boolean {
    return this.#expiry.signal.aborted;
  }

  /** The same chunks; each one ends the silence. */
  async *observe(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#cancelSilence();
      this.#cancelSilence = this.#arm(this.#options.silenceMs);
      yield chunk;
    }
  }

  /** Cancels the timers; call it when the stream has ended. */
  release(): void {
    this.#cancelDeadline();
    this.#cancelSilence();
  }

  #arm(ms: number): () => void {
    return this.#options.clock.setTimer(
      () => this.#expiry.abort(new Error('the stream fell silent')),
      ms,
    );
  }
}
