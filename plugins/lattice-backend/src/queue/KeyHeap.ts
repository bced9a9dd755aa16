/** Keys ordered by the time at which they become due; a binary heap with lazy removal. */
export class KeyHeap {
  readonly #entries: Array<{ key: string; dueAt: number }> = [];
  /** The time that counts for each key; entries with another one are leftovers. */
  readonly #dueAt = new Map<string, number>();

  get size(): number {
    return this.#dueAt.size;
  }

  has(key: string): boolean {
    return this.#dueAt.has(key);
  }

  /** Sets the time of a key; the earlier of two wins. */
  push(key: string, dueAt: number): void {
    const current = this.#dueAt.get(key);
    if (current !== undefined && current <= dueAt) {
      return;
    }
    this.#dueAt.set(key, dueAt);
    this.#entries.push({ key, dueAt });
    this.#siftUp(this.#entries.length - 1);
  }

  remove(key: string): void {
    this.#dueAt.delete(key);
  }

  /** Earliest due time, undefined when empty. */
  peek(): number | undefined {
    this.#dropLeftovers();
    return this.#entries[0]?.dueAt;
  }

  /** Removes and returns the earliest key that is due at `now`. */
  popDue(now: number): string | undefined {
    this.#dropLeftovers();
    const first = this.#entries[0];
    if (!first || first.dueAt > now) {
      return undefined;
    }
    this.#removeFirst();
    this.#dueAt.delete(first.key);
    return first.key;
  }

  #dropLeftovers(): void {
    while (this.#entries.length) {
      const { key, dueAt } = this.#entries[0];
      if (this.#dueAt.get(key) === dueAt) {
        return;
      }
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const last = this.#entries.pop();
    if (last && this.#entries.length) {
      this.#entries[0] = last;
      this.#siftDown(0);
    }
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#entries[parent].dueAt <= this.#entries[index].dueAt) {
        return;
      }
      this.#exchange(index, parent);
      index = parent;
    }
  }

  #siftDown(start: number): void {
    let index = start;
    for (;;) {
      const smallest = this.#smallestOf(index);
      if (smallest === index) {
        return;
      }
      this.#exchange(index, smallest);
      index = smallest;
    }
  }

  #smallestOf(index: number): number {
    let smallest = index;
    for (const child of [2 * index + 1, 2 * index + 2]) {
      const isSmaller =
        child < this.#entries.length &&
        this.#entries[child].dueAt < this.#entries[smallest].dueAt;
      if (isSmaller) {
        smallest = child;
      }
    }
    return smallest;
  }

  #exchange(a: number, b: number): void {
    const entry = this.#entries[a];
    this.#entries[a] = this.#entries[b];
    this.#entries[b] = entry;
  }
}
