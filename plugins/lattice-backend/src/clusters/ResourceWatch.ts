import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Clock, sleep } from './clock';
import { classifyWatchFailure } from './classifyWatchFailure';
import { ClusterError, RequestSubject } from './ClusterError';
import { Listeners } from './Listeners';
import { ObjectChange, ObjectStore } from './ObjectStore';
import { withKind } from './objectPage';
import { nextCall } from './nextCall';
import { keepObject } from './projections';
import { ResourceReader } from './ResourceReader';
import { isOlder } from './resourceVersions';
import { TurnBudget } from './TurnBudget';
import { DEFAULT_WATCH_TIMING, ResourceWatchTiming } from './watchTiming';
import { ResourceCache, ResourceKind } from './types';
import { readWatchEvents, WatchEvent } from './watchEvents';
import { NOT_LISTED, OUT_OF_ORDER, SILENT, STOPPED } from './watchReasons';
import { Watchdog } from './Watchdog';
import { WatchPace } from './WatchPace';

/** What a watch is built from. */
export interface ResourceWatchOptions {
  readonly kind: ResourceKind;
  readonly reader: ResourceReader;
  readonly logger: LoggerService;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing?: ResourceWatchTiming;
}

/**
 * Watch cache of one kind of one cluster.
 *
 * Life: list in pages -> complete -> watch from that version -> (stream ends: resume from the last version)
 *                          ^------------- version too old (410) or broken -----'
 * Whatever fails is tried again with back-off until `stop`. Disconnected, the cache stays complete and grows old
 * (`lastSeenAt`, `error`); only a gap makes it incomplete.
 */
export class ResourceWatch implements ResourceCache {
  readonly kind: ResourceKind;
  readonly #options: ResourceWatchOptions;
  readonly #timing: ResourceWatchTiming;
  readonly #store = new ObjectStore();
  readonly #changes: Listeners<ObjectChange>;
  readonly #completions: Listeners<void>;
  readonly #stopping = new AbortController();
  readonly #turn: TurnBudget;
  readonly #pace: WatchPace;
  #loop: Promise<void> | undefined;
  #wake: AbortController | undefined;
  /** Where to resume; undefined = everything must be listed. */
  #resourceVersion: string | undefined;
  #isComplete = false;
  #error: string | undefined = NOT_LISTED;
  #lastSeenAt: Date | undefined;

  constructor(options: ResourceWatchOptions) {
    this.kind = options.kind;
    this.#options = options;
    this.#timing = options.timing ?? DEFAULT_WATCH_TIMING;
    this.#turn = new TurnBudget(options.clock);
    this.#pace = new WatchPace(this.#timing, options.random);
    const subject = `the ${options.kind.plural} cache`;
    this.#changes = new Listeners(subject, options.logger);
    this.#completions = new Listeners(subject, options.logger);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get lastSeenAt(): Date | undefined {
    return this.#lastSeenAt;
  }

  get error(): string | undefined {
    return this.#error;
  }

  get(
    key: { namespace: string; name: string } | { name: string },
  ): KubernetesObject | undefined {
    return this.#store.get(key);
  }

  list(namespace?: string): KubernetesObject[] {
    return this.#store.list(namespace);
  }

  onChange(listener: (change: ObjectChange) => void): () => void {
    return this.#changes.add(listener);
  }

  onComplete(listener: () => void): () => void {
    return this.#completions.add(listener);
  }

  async synced(signal?: AbortSignal): Promise<void> {
    if (this.#isComplete) {
      return;
    }
    const ended = signal
      ? AbortSignal.any([this.#stopping.signal, signal])
      : this.#stopping.signal;
    await nextCall(listener => this.onComplete(listener), ended);
  }

  /** Begins to list and watch. A second call does nothing. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends the watch; resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error(`watch of ${this.kind.plural} is stopped`));
    await this.#loop;
    this.#isComplete = false;
    this.#error = STOPPED;
  }

  /** Cuts a back-off short, for example because the kind has just been defined. */
  retryNow(): void {
    this.#wake?.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let delayMs: number;
      try {
        if (this.#resourceVersion === undefined) {
          await this.#list();
        }
        await this.#watch();
        delayMs = this.#pace.afterEnd();
      } catch (error) {
        if (this.#stopping.signal.aborted) {
          return;
        }
        delayMs = this.#noteFailure(error);
      }
      await this.#pause(delayMs);
    }
  }

  async #list(): Promise<void> {
    const swap = this.#store.startSwap();
    const { reader } = this.#options;
    const limit = reader.pageSizeOf(this.kind);
    let continueToken: string | undefined;
    let resourceVersion: string;
    do {
      const page = await reader.listPage(this.kind, {
        limit,
        continueToken,
        signal: this.#stopping.signal,
      });
      for (const item of page.items) {
        swap.add(keepObject(this.kind, item));
        if (this.#turn.isSpent) {
          await this.#turn.breathe();
        }
      }
      ({ continueToken, resourceVersion } = page);
    } while (continueToken);
    for (const _step of swap.sweep()) {
      if (this.#turn.isSpent) {
        await this.#turn.breathe();
      }
    }
    await this.#finishList(swap.finish(), resourceVersion);
  }

  async #finishList(
    changes: readonly ObjectChange[],
    resourceVersion: string,
  ): Promise<void> {
    this.#resourceVersion = resourceVersion;
    this.#isComplete = true;
    this.#noteContact();
    for (const change of changes) {
      this.#changes.tell(change);
      if (this.#turn.isSpent) {
        await this.#turn.breathe();
      }
    }
    this.#completions.tell();
  }

  async #watch(): Promise<void> {
    const timeoutSeconds = this.#pace.watchSeconds();
    const watchdog = new Watchdog({
      clock: this.#options.clock,
      parent: this.#stopping.signal,
      deadlineMs: timeoutSeconds * 1000 + this.#timing.graceMs,
      silenceMs: this.#timing.silenceMs,
    });
    try {
      const chunks = await this.#options.reader.openWatch(this.kind, {
        resourceVersion: this.#resourceVersion ?? '',
        timeoutSeconds,
        signal: watchdog.signal,
      });
      this.#noteContact();
      for await (const event of readWatchEvents(
        this.#subject(),
        watchdog.observe(chunks),
      )) {
        this.#take(event);
      }
    } catch (error) {
      if (!watchdog.hasExpired) {
        throw error;
      }
      this.#error = SILENT; // Simply opened anew from where we are.
    } finally {
      watchdog.release();
    }
  }

  #take(event: WatchEvent): void {
    this.#noteContact();
    const { resourceVersion } = event.object.metadata;
    if (isOlder(resourceVersion, this.#resourceVersion)) {
      this.#takeLate(event);
      return;
    }
    this.#pace.noteProgress();
    this.#resourceVersion = resourceVersion;
    if (event.type === 'BOOKMARK') {
      return;
    }
    const change =
      event.type === 'DELETED'
        ? this.#store.remove(event.object.metadata)
        : this.#store.put(
            keepObject(this.kind, withKind(this.kind, event.object)),
          );
    if (change) {
      this.#changes.tell(change);
    }
  }

  /**
   * Servers send events in order; one that comes late is passed over where what is held is as new as it. Otherwise what
   * became of its object cannot be told, nor what else was missed.
   *
   * @throws ClusterError `Gone`, after which everything is listed.
   */
  #takeLate({ type, object }: WatchEvent): void {
    const held = this.#store.get(object.metadata);
    const isKnown = held
      ? !isOlder(held.metadata.resourceVersion, object.metadata.resourceVersion)
      : type === 'DELETED';
    if (type !== 'BOOKMARK' && !isKnown) {
      throw new ClusterError({
        ...this.#subject(),
        reason: 'Gone',
        explanation: OUT_OF_ORDER,
      });
    }
  }

  #noteContact(): void {
    this.#lastSeenAt = new Date(this.#options.clock.now());
    this.#error = undefined;
    this.#pace.noteContact();
  }

  /** Takes note of a failure; returns how long to wait. */
  #noteFailure(error: unknown): number {
    const failure = classifyWatchFailure(error);
    const previous = this.#error;
    this.#error = failure.explanation;
    if (failure.losesTrack) {
      this.#resourceVersion = undefined;
      this.#isComplete = false;
    }
    if (previous !== this.#error) {
      this.#options.logger.warn(
        `Watch cache of ${this.kind.plural} lost contact: ${this.#error}`,
      );
    }
    return this.#pace.afterFailure(failure);
  }

  async #pause(ms: number): Promise<void> {
    this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#wake.signal, this.#stopping.signal]);
    await sleep(this.#options.clock, ms, signal);
    this.#wake = undefined;
  }

  #subject(): RequestSubject {
    return {
      cluster: this.#options.reader.cluster,
      verb: 'watch',
      kind: this.kind.kind,
    };
  }
}
