import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** An object before and after a change; one of them is absent for additions and deletions. */
export interface ObjectChange {
  readonly before?: KubernetesObject;
  readonly after?: KubernetesObject;
}

/** New content of a store while it is put together. */
export interface ObjectSwap {
  add(object: KubernetesObject): void;
  /** Looks for what is not there any more, object by object; when it has been walked through, `finish` is quick. */
  sweep(): Iterable<void>;
  /** Puts the new content in place; returns what differs from the old. */
  finish(): ObjectChange[];
}

/** `namespace/name`, or the name alone for what has no namespace. */
export function storeKey(key: { namespace?: string; name: string }): string {
  return key.namespace ? `${key.namespace}/${key.name}` : key.name;
}

/** Objects of one kind, indexed by namespace. Knows nothing of the network. */
export class ObjectStore {
  #objects = new Map<string, KubernetesObject>();
  #namespaces = new Map<string, Set<string>>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: { namespace?: string; name: string }): KubernetesObject | undefined {
    return this.#objects.get(storeKey(key));
  }

  list(namespace?: string): KubernetesObject[] {
    if (namespace === undefined) {
      return [...this.#objects.values()];
    }
    const found: KubernetesObject[] = [];
    for (const key of this.#namespaces.get(namespace) ?? []) {
      const object = this.#objects.get(key);
      if (object) {
        found.push(object);
      }
    }
    return found;
  }

  /** Stores one object; undefined when it was there in the same version. */
  put(object: KubernetesObject): ObjectChange | undefined {
    const key = storeKey(object.metadata);
    const before = this.#objects.get(key);
    if (before && isSameVersion(before, object)) {
      return undefined;
    }
    this.#objects.set(key, object);
    indexOf(this.#namespaces, object).add(key);
    return { before, after: object };
  }

  /** Removes one object; undefined when it was not there. */
  remove(key: { namespace?: string; name: string }): ObjectChange | undefined {
    const before = this.#objects.get(storeKey(key));
    if (!before) {
      return undefined;
    }
    this.#objects.delete(storeKey(key));
    const namespace = before.metadata.namespace ?? '';
    const keys = this.#namespaces.get(namespace);
    keys?.delete(storeKey(key));
    if (keys?.size === 0) {
      this.#namespaces.delete(namespace);
    }
    return { before };
  }

  /** Replaces everything at once and tells what that changed. */
  swap(objects: Iterable<KubernetesObject>): ObjectChange[] {
    const swap = this.startSwap();
    for (const object of objects) {
      swap.add(object);
    }
    return swap.finish();
  }

  /** The same in small steps; the store keeps its content until `finish` and must not be changed before. */
  startSwap(): ObjectSwap {
    const next: Content = { objects: new Map(), namespaces: new Map() };
    const changes: ObjectChange[] = [];
    const old = this.#objects;
    const sweep = (function* findMissing() {
      for (const [key, before] of old) {
        if (!next.objects.has(key)) {
          changes.push({ before });
        }
        yield;
      }
    })();
    return {
      sweep: () => sweep,
      add: object => {
        const key = storeKey(object.metadata);
        const before = this.#objects.get(key);
        const isKnown = before !== undefined && isSameVersion(before, object);
        next.objects.set(key, isKnown ? before : object);
        indexOf(next.namespaces, object).add(key);
        if (!isKnown) {
          changes.push({ before, after: object });
        }
      },
      finish: () => {
        while (!sweep.next().done) {
          // What nobody has walked through yet.
        }
        this.#objects = next.objects;
        this.#namespaces = next.namespaces;
        return changes;
      },
    };
  }
}

interface Content {
  readonly objects: Map<string, KubernetesObject>;
  readonly namespaces: Map<string, Set<string>>;
}

/** Versions are opaque: they are only ever compared for equality. */
function isSameVersion(a: KubernetesObject, b: KubernetesObject): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.metadata.resourceVersion !== undefined &&
    a.metadata.resourceVersion === b.metadata.resourceVersion
  );
}

function indexOf(
  namespaces: Map<string, Set<string>>,
  object: KubernetesObject,
): Set<string> {
  const namespace = object.metadata.namespace ?? '';
  let keys = namespaces.get(namespace);
  if (!keys) {
    keys = new Set();
    namespaces.set(namespace, keys);
  }
  return keys;
}
