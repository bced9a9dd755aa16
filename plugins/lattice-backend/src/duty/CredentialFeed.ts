import { isDeepStrictEqual } from 'node:util';
import { Clock } from '../clusters/clock';
import { ClusterEndpoint } from '../clusters/endpoint';
import { CredentialAnswer } from './messages';

const REFRESH_MS = 30_000;

/**
 * Reads the credentials of one cluster again and again, for whoever cannot read them: a thread of its own loads no
 * library for kubeconfigs and runs no plugins.
 */
export class CredentialFeed {
  readonly #endpoint: ClusterEndpoint;
  readonly #clock: Clock;
  readonly #onAnswer: (answer: CredentialAnswer) => void;
  #last: CredentialAnswer | undefined;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(options: {
    readonly endpoint: ClusterEndpoint;
    readonly clock: Clock;
    /** Called with the first answer and with each one that differs. */
    readonly onAnswer: (answer: CredentialAnswer) => void;
  }) {
    this.#endpoint = options.endpoint;
    this.#clock = options.clock;
    this.#onAnswer = options.onAnswer;
  }

  /** What was read last. */
  get last(): CredentialAnswer | undefined {
    return this.#last;
  }

  /** Reads now, and from then on regularly. Never rejects. */
  async refresh(): Promise<void> {
    this.#cancel();
    const answer = await this.#read();
    if (this.#isStopped) {
      return;
    }
    this.#cancel = this.#clock.setTimer(() => void this.refresh(), REFRESH_MS);
    if (!isDeepStrictEqual(answer, this.#last)) {
      this.#last = answer;
      this.#onAnswer(answer);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #read(): Promise<CredentialAnswer> {
    try {
      return { credentials: await this.#endpoint.credentials() };
    } catch (error) {
      const { code } = error as { code?: unknown };
      return {
        failure: {
          message: error instanceof Error ? error.message : 'unknown error',
          code: typeof code === 'string' ? code : undefined,
        },
      };
    }
  }
}
