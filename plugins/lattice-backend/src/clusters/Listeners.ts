import { LoggerService } from '@backstage/backend-plugin-api';

/** Whoever wants to hear of something. One that throws is logged and disturbs neither the others nor the caller. */
export class Listeners<T> {
  readonly #subject: string;
  readonly #logger: LoggerService;
  readonly #listeners = new Set<(value: T) => void>();

  /** `subject` says in logs what is listened to. */
  constructor(subject: string, logger: LoggerService) {
    this.#subject = subject;
    this.#logger = logger;
  }

  /** Returns the function that unsubscribes. A listener added twice is called twice. */
  add(listener: (value: T) => void): () => void {
    const registered = (value: T) => listener(value);
    this.#listeners.add(registered);
    return () => this.#listeners.delete(registered);
  }

  /** Calls all that are subscribed now. */
  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#logger.error(
          `A listener of ${this.#subject} failed`,
          error as Error,
        );
      }
    }
  }
}
