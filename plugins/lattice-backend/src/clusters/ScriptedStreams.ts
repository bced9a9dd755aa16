import type { ServerResponse } from 'node:http';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** What became of one object, as a watch tells it. */
export interface LoggedEvent {
  readonly version: number;
  readonly type: string;
  readonly object: KubernetesObject;
}

interface Watcher {
  readonly collection: string;
  readonly response: ServerResponse;
}

/** The watches of the scripted server and the events that they can be resumed with. */
export class ScriptedStreams {
  readonly #log = new Map<string, LoggedEvent[]>();
  readonly #watchers = new Set<Watcher>();
  /** Events that wait for `inReverse` to send them. */
  #held: LoggedEvent[] | undefined;
  isSilent = false;

  get size(): number {
    return this.#watchers.size;
  }

  serve(collection: string): void {
    this.#log.set(collection, []);
  }

  /** Answers a watch with what came after a version, and with all that is to come. */
  open(collection: string, from: number, response: ServerResponse): void {
    const watcher = { collection, response };
    this.#watchers.add(watcher);
    response.once('close', () => this.#watchers.delete(watcher));
    for (const event of this.#log.get(collection) ?? []) {
      if (event.version > from) {
        this.#send(watcher, event);
      }
    }
  }

  publish(collection: string, event: LoggedEvent): void {
    this.#log.get(collection)?.push(event);
    if (this.#held) {
      this.#held.push(event);
      return;
    }
    for (const watcher of this.#watchers) {
      if (watcher.collection === collection) {
        this.#send(watcher, event);
      }
    }
  }

  end(): void {
    this.#watchers.forEach(({ response }) => response.end());
    this.#watchers.clear();
  }

  stall(): void {
    this.#watchers.clear();
  }

  inReverse(change: () => void): void {
    this.#held = [];
    change();
    const lines = this.#held.reverse().map(lineOf).join('');
    this.#held = undefined;
    this.sendRaw(lines);
  }

  repeat(collection: string, count: number): void {
    const last = this.#log.get(collection)?.slice(-count) ?? [];
    this.sendRaw(last.map(lineOf).join(''));
  }

  sendRaw(text: string): void {
    this.#watchers.forEach(({ response }) => response.write(text));
  }

  #send(watcher: Watcher, event: LoggedEvent): void {
    if (!this.isSilent) {
      watcher.response.write(lineOf(event));
    }
  }
}

function lineOf({ type, object }: LoggedEvent): string {
  return `${JSON.stringify({ type, object })}\n`;
}
