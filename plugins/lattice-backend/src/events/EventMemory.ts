/** An event that has been noted lately. */
export interface RememberedEvent {
  /** How often it has been noted. */
  count: number;
  /** Name of the Event that tells it, once it is written. */
  name?: string;
}

interface Entry extends RememberedEvent {
  readonly firstAt: number;
  writtenAt: number;
}

const MAX_REMEMBERED = 1_000;
/** Noted again within this time, it is the same event. */
const SERIES_MS = 10 * 60_000;
/** A series is written at most so often. */
const SERIES_STEP_MS = 60_000;

/** Tells new events from repetitions. Bounded: what has not been noted for longest is forgotten. */
export class EventMemory {
  readonly #entries = new Map<string, Entry>();

  /** The event to write, or nothing when it has just been told. */
  take(id: string, now: number): RememberedEvent | undefined {
    const known = this.#entries.get(id);
    this.#entries.delete(id);
    const isNew = !known || now - known.firstAt >= SERIES_MS;
    const entry = isNew
      ? { count: 0, firstAt: now, writtenAt: -Infinity }
      : known;
    entry.count += 1;
    this.#entries.set(id, entry);
    this.#shrink();
    if (now - entry.writtenAt < SERIES_STEP_MS) return undefined;
    entry.writtenAt = now;
    return entry;
  }

  /** It could not be written: the next time it is new. */
  forget(id: string): void {
    this.#entries.delete(id);
  }

  #shrink(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_REMEMBERED) return;
      this.#entries.delete(oldest);
    }
  }
}
