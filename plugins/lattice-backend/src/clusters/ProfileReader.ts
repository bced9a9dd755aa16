import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { BackoffOptions, backoffMs } from './backoff';
import { Clock, sleep } from './clock';
import { hasEstablishedCondition } from './detectEngines';
import { ReadProfile } from './readProfile';
import { ResourceCache } from './types';

/** Settings change with an installation or an upgrade: looking this often is enough beside what definitions tell. */
const LOOK_AGAIN_MS = 10 * 60_000;
const BACKOFF: BackoffOptions = { baseMs: 2_000, maxMs: 120_000 };

/** Groups whose kinds show what is installed. */
const TOLD_GROUPS =
  /(^|\.)(lattice\.dev|cilium\.io|istio\.io|external-secrets\.io)$/;

/** What a reader is built from. */
export interface ProfileReaderOptions {
  readonly read: (signal: AbortSignal) => Promise<ReadProfile>;
  readonly definitions: ResourceCache;
  readonly logger: LoggerService;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Knows how a cluster is set up; reads it again when kinds of an engine appear, and now and then. */
export class ProfileReader {
  readonly #options: ProfileReaderOptions;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #profile: ReadProfile | undefined;
  #failures = 0;
  #loop: Promise<void> | undefined;
  #unsubscribe = () => {};

  constructor(options: ProfileReaderOptions) {
    this.#options = options;
  }

  /** What was read last; undefined until the cluster has answered once. */
  get profile(): ReadProfile | undefined {
    return this.#profile;
  }

  /** A second call does nothing. */
  start(): void {
    if (!this.#loop && !this.#stopping.signal.aborted) {
      this.#unsubscribe = this.#options.definitions.onChange(({ after }) => {
        if (after && tellsOfEngine(after)) {
          this.#wake.abort();
        }
      });
      this.#loop = this.#run();
    }
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort(new Error('the cluster stops'));
    await this.#loop;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      // What changes while it reads makes it read again.
      this.#wake = new AbortController();
      const ms = await this.#read();
      const signal = AbortSignal.any([
        this.#wake.signal,
        this.#stopping.signal,
      ]);
      await sleep(clock, ms, signal);
    }
  }

  /** Returns how long to wait. */
  async #read(): Promise<number> {
    const { read, logger, random } = this.#options;
    try {
      this.#profile = await read(this.#stopping.signal);
      this.#failures = 0;
      return LOOK_AGAIN_MS * (0.75 + random() / 2);
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1 && !this.#stopping.signal.aborted) {
        logger.debug(
          `How the cluster is set up cannot be read: ${
            error instanceof Error ? error.message : 'unknown error'
          }`,
        );
      }
      return backoffMs(this.#failures, BACKOFF, random);
    }
  }
}

/** Names of the served definitions that tell what is installed, sorted. */
export function toldDefinitions(
  definitions: Pick<ResourceCache, 'list'>,
): string[] {
  return definitions
    .list()
    .filter(tellsOfEngine)
    .map(({ metadata }) => metadata.name)
    .sort();
}

function tellsOfEngine(definition: KubernetesObject): boolean {
  const { group } = (definition.spec ?? {}) as { group?: string };
  return TOLD_GROUPS.test(group ?? '') && hasEstablishedCondition(definition);
}
