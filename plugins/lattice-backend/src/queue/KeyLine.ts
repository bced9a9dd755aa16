/** Line of keys, first in, first out, each at most once. */
export class KeyLine {
  readonly #keys = new Set<string>();
  /**
   * Kept between takes: a new iterator would step over all keys taken before, which makes taking from a long line
   * quadratic. It sees keys that are added later, until it has ended once.
   */
  #iterator: Iterator<string> | undefined;

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
  }

  remove(key: string): void {
    this.#keys.delete(key);
  }

  clear(): void {
    this.#keys.clear();
    this.#iterator = undefined;
  }

  /** Removes and returns the first key; undefined when there is none. */
  take(): string | undefined {
    this.#iterator ??= this.#keys.values();
    let next = this.#iterator.next();
    if (next.done && this.#keys.size) {
      this.#iterator = this.#keys.values();
      next = this.#iterator.next();
    }
    if (next.done) {
      this.#iterator = undefined;
      return undefined;
    }
    this.#keys.delete(next.value);
    return next.value;
  }
}
