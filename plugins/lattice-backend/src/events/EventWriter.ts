import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock, systemClock } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import { cutToBytes } from './cutToBytes';
import { EventMemory, RememberedEvent } from './EventMemory';

/** Something that people should hear of, about one object. */
export interface EventNote {
  readonly regarding: KubernetesObject;
  readonly type: 'Normal' | 'Warning';
  /** One word in upper camel case, for machines. */
  readonly reason: string;
  /** What we were doing, one word in upper camel case. */
  readonly action: string;
  /** For people; no secret, no value. Cut to 1 KiB. */
  readonly message: string;
}

/** What an event writer is built from. */
export interface EventWriterOptions {
  readonly client: Pick<ClusterClient, 'create' | 'jsonPatch'>;
  /** Which loop it writes for, for example `mesh`. */
  readonly controller: string;
  readonly logger: LoggerService;
  readonly clock?: Clock;
  /** Which process writes. */
  readonly instance?: string;
}

const MAX_WAITING = 100;
const MAX_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
/** After a refusal for lack of rights nothing is tried for so long. */
const REFUSED_MS = 5 * MINUTE_MS;
const MAX_NOTE_BYTES = 1024;
const MAX_INSTANCE = 128;
const MAX_NAME = 200;
const REPORTING_PREFIX = 'portal.lattice.dev/';

/**
 * Writes Kubernetes Events of one cluster, beside the work and never in its way: what cannot be written is left out,
 * and nobody waits for it. Repetitions become a series; a storm is cut off.
 */
export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #clock: Clock;
  readonly #memory = new EventMemory();
  readonly #stopping = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #minute = { startedAt: -Infinity, written: 0 };
  #silentUntil = -Infinity;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Takes a note; returns at once and never fails. */
  note(note: EventNote): void {
    if (this.#stopping.signal.aborted || this.#waiting >= MAX_WAITING) return;
    const now = this.#clock.monotonic();
    if (now < this.#silentUntil) return;
    const event = this.#memory.take(idOf(note), now);
    if (!event || !this.#mayWrite(now)) return;
    this.#waiting += 1;
    this.#tail = this.#tail.then(() => this.#write(note, event));
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the event writer stops'));
    await this.#tail;
  }

  #mayWrite(now: number): boolean {
    if (now - this.#minute.startedAt >= MINUTE_MS)
      this.#minute = { startedAt: now, written: 0 };
    this.#minute.written += 1;
    return this.#minute.written <= MAX_PER_MINUTE;
  }

  /** Never rejects: an Event is a courtesy. */
  async #write(note: EventNote, event: RememberedEvent): Promise<void> {
    try {
      if (event.count > 1 && event.name) await this.#extend(note, event);
      else event.name = await this.#create(note);
    } catch (error) {
      this.#memory.forget(idOf(note));
      if (isClusterError(error, 'Forbidden'))
        this.#silentUntil = this.#clock.monotonic() + REFUSED_MS;
      if (!this.#stopping.signal.aborted)
        this.#options.logger.debug(
          `An Event was not written: ${(error as Error).message}`,
        );
    } finally {
      this.#waiting -= 1;
    }
  }

  async #create(note: EventNote): Promise<string> {
    const event = this.#render(note);
    await this.#options.client.create(KINDS.Event, event, {
      signal: this.#stopping.signal,
    });
    return event.metadata.name;
  }

  async #extend(
    { regarding }: EventNote,
    { name, count }: RememberedEvent,
  ): Promise<void> {
    const series = { count, lastObservedTime: this.#time() };
    await this.#options.client.jsonPatch(
      KINDS.Event,
      { namespace: namespaceOf(regarding), name: name! },
      [{ op: 'add', path: '/series', value: series }],
      { signal: this.#stopping.signal },
    );
  }

  #render(note: EventNote): KubernetesObject {
    const { regarding, type, reason, action, message } = note;
    const { name, namespace, uid, resourceVersion } = regarding.metadata;
    const unique = hash(`${idOf(note)} ${this.#time()}`);
    return {
      apiVersion: KINDS.Event.apiVersion,
      kind: KINDS.Event.kind,
      metadata: {
        name: `${name.slice(0, MAX_NAME)}.${unique}`,
        namespace: namespaceOf(regarding),
      },
      eventTime: this.#time(),
      reportingController: `${REPORTING_PREFIX}${this.#options.controller}`,
      reportingInstance: (this.#options.instance ?? hostname()).slice(
        0,
        MAX_INSTANCE,
      ),
      action,
      reason,
      type,
      regarding: {
        apiVersion: regarding.apiVersion,
        kind: regarding.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      note: cutToBytes(message, MAX_NOTE_BYTES),
    };
  }

  /** In microseconds, as the API server wants it. */
  #time(): string {
    return new Date(this.#clock.now()).toISOString().replace('Z', '000Z');
  }
}

/** Events about what has no namespace lie in `default`. */
function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}

function idOf({ regarding, type, reason, message }: EventNote): string {
  const { uid, namespace, name } = regarding.metadata;
  return JSON.stringify([
    regarding.kind,
    uid ?? `${namespace}/${name}`,
    type,
    reason,
    message,
  ]);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
