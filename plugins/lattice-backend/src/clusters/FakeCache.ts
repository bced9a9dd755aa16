import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ObjectChange, ObjectStore } from './ObjectStore';
import { ResourceCache, ResourceKind } from './types';

/** Cache for tests whose content is set by hand. Complete from the start unless told. */
export class FakeCache implements ResourceCache {
  readonly kind: ResourceKind;
  isComplete: boolean;
  error: string | undefined;
  lastSeenAt: Date | undefined = new Date('2026-01-01T00:00:00Z');
  readonly #store = new ObjectStore();
  readonly #changeListeners = new Set<(change: ObjectChange) => void>();
  readonly #completeListeners = new Set<() => void>();
  #version = 0;

  constructor(kind: ResourceKind, options: { isComplete?: boolean } = {}) {
    this.kind = kind;
    this.isComplete = options.isComplete ?? true;
  }

  get(key: { namespace?: string; name: string }): KubernetesObject | undefined {
    return this.#store.get(key);
  }

  list(namespace?: string): KubernetesObject[] {
    return this.#store.list(namespace);
  }

  put(object: KubernetesObject): void {
    this.#version += 1;
    const metadata = {
      ...object.metadata,
      resourceVersion: String(this.#version),
    };
    this.#announce(this.#store.put({ ...object, metadata }));
  }

  remove(key: { namespace?: string; name: string }): void {
    this.#announce(this.#store.remove(key));
  }

  /** As after the first list, or the one after a gap. */
  complete(): void {
    this.isComplete = true;
    [...this.#completeListeners].forEach(listener => listener());
  }

  onChange(listener: (change: ObjectChange) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onComplete(listener: () => void): () => void {
    this.#completeListeners.add(listener);
    return () => this.#completeListeners.delete(listener);
  }

  /** Listeners that are subscribed. */
  get listenerCount(): number {
    return this.#changeListeners.size + this.#completeListeners.size;
  }

  async synced(signal?: AbortSignal): Promise<void> {
    if (this.isComplete) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const unsubscribe = this.onComplete(() => {
        unsubscribe();
        resolve();
      });
      signal?.addEventListener('abort', () => {
        unsubscribe();
        reject(signal.reason);
      });
    });
  }

  #announce(change: ObjectChange | undefined): void {
    if (change) {
      [...this.#changeListeners].forEach(listener => listener(change));
    }
  }
}
