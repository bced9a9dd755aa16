import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ObjectChange, storeKey } from './ObjectStore';
import { ResourceCache } from './types';

/** What an index watches. */
export type IndexedCache = Pick<ResourceCache, 'list' | 'onChange'>;

/**
 * The objects of a cache by something that they say: a label, an owner, what they refer to. Kept with each change, so
 * that a look costs what it finds and not what the cache holds. After a re-list it follows as the changes are told.
 */
export class ObjectIndex {
  readonly #valuesOf: (object: KubernetesObject) => readonly string[];
  readonly #entries = new Map<string, Map<string, KubernetesObject>>();
  readonly #unsubscribe: () => void;

  constructor(
    cache: IndexedCache,
    valuesOf: (object: KubernetesObject) => readonly string[],
  ) {
    this.#valuesOf = valuesOf;
    this.#unsubscribe = cache.onChange(change => this.#take(change));
    for (const after of cache.list()) {
      this.#take({ after });
    }
  }

  /** The objects that say `value`. */
  list(value: string): KubernetesObject[] {
    return [...(this.#entries.get(value)?.values() ?? [])];
  }

  /** Ends the index; it keeps what it last held. */
  stop(): void {
    this.#unsubscribe();
  }

  #take({ before, after }: ObjectChange): void {
    if (before) {
      const key = storeKey(before.metadata);
      for (const value of this.#valuesOf(before)) {
        const entry = this.#entries.get(value);
        entry?.delete(key);
        if (entry?.size === 0) {
          this.#entries.delete(value);
        }
      }
    }
    if (after) {
      const key = storeKey(after.metadata);
      for (const value of this.#valuesOf(after)) {
        const entry = this.#entries.get(value) ?? new Map();
        this.#entries.set(value, entry.set(key, after));
      }
    }
  }
}
