/**
 * Several strings for a key. Most keys of a large fleet have one, which is kept without a set around it. A key
 * without any takes no room.
 */
export class MultiMap {
  readonly #held = new Map<string, string | Set<string>>();

  add(key: string, value: string): void {
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, value);
    else if (typeof held !== 'string') held.add(value);
    else if (held !== value) this.#held.set(key, new Set([held, value]));
  }

  delete(key: string, value: string): void {
    const held = this.#held.get(key);
    if (held === value) this.#held.delete(key);
    if (held === undefined || typeof held === 'string') return;
    held.delete(value);
    if (held.size === 0) this.#held.delete(key);
  }

  get(key: string): Iterable<string> {
    const held = this.#held.get(key);
    return typeof held === 'string' ? [held] : held ?? [];
  }

  /** How many values a key has. */
  count(key: string): number {
    const held = this.#held.get(key);
    return typeof held === 'string' ? 1 : held?.size ?? 0;
  }
}
