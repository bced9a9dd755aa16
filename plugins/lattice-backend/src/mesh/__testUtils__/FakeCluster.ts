import {
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError } from '../../clusters/ClusterError';
import { KINDS } from '../../clusters/kinds';
import { ObjectChange, ObjectStore } from '../../clusters/ObjectStore';
import {
  ClusterClient,
  ClusterConnection,
  ClusterErrorReason,
  ResourceCache,
  ResourceKind,
} from '../../clusters/types';

type Key = ObjectKey | { name: string };

/** Watch cache that hears of a write when the test says so, at once by default. */
class FakeCache implements ResourceCache {
  readonly store = new ObjectStore();
  readonly #listeners = new Set<(change: ObjectChange) => void>();
  isComplete = true;
  readonly lastSeenAt = undefined;
  readonly error = undefined;

  constructor(readonly kind: ResourceKind) {}

  get = (key: Key) => this.store.get(key);

  list = (namespace?: string) => this.store.list(namespace);

  onChange(listener: (change: ObjectChange) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  synced = async () => undefined;

  take(object: KubernetesObject, isGone: boolean) {
    const change = isGone
      ? this.store.remove(object.metadata)
      : this.store.put(structuredClone(object));
    if (change) this.#listeners.forEach(listener => listener(change));
  }
}

/** An API server in memory: versions, generations, finalizers, status as a part of its own. Tests assert its world. */
export class FakeCluster implements ClusterConnection {
  readonly name = 'fake';
  readonly mode = 'reconcile';
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #caches = new Map<string, FakeCache>();
  /** Answers of the server that a test wants: kind and verb to reason. */
  readonly refusals = new Map<string, ClusterErrorReason>();
  /** Every write that changed the world, for example `create CiliumNetworkPolicy data/redis`. */
  readonly writes: string[] = [];
  /** Called after every change of the world. */
  onWrite: () => void = () => undefined;
  #version = 0;

  constructor(definitions: readonly string[]) {
    for (const name of definitions) {
      this.put({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name },
        status: { conditions: [{ type: 'Established', status: 'True' }] },
      });
    }
  }

  get revision() {
    return this.#version;
  }

  openAccess(): never {
    throw new Error('the mesh needs no access of its own');
  }

  cache(kind: ResourceKind): FakeCache {
    const cache = this.#caches.get(kind.kind) ?? new FakeCache(kind);
    this.#caches.set(kind.kind, cache);
    return cache;
  }

  /** What somebody else does: creates or changes an object, status included. */
  put(object: KubernetesObject): void {
    const old = this.#objects.get(idOf(object));
    const isChanged = JSON.stringify(old?.spec) !== JSON.stringify(object.spec);
    this.#store({
      ...structuredClone(object),
      metadata: {
        ...structuredClone(object.metadata),
        uid: old?.metadata.uid ?? `uid-${this.#version}`,
        generation: (old?.metadata.generation ?? 0) + (isChanged ? 1 : 0),
      },
    });
  }

  /** What `kubectl delete` does. */
  remove(kind: ResourceKind, key: Key): void {
    const object = this.get(kind, key);
    if (!object) return;
    if (object.metadata.finalizers?.length) {
      const metadata = {
        ...object.metadata,
        deletionTimestamp: '2026-01-01T00:00:00Z',
      };
      this.#store({ ...object, metadata });
    } else {
      this.#drop(object);
    }
  }

  get(kind: ResourceKind, key: Key): KubernetesObject | undefined {
    const object = this.#objects.get(idOf({ kind: kind.kind, metadata: key }));
    return object && structuredClone(object);
  }

  all(kind: ResourceKind): KubernetesObject[] {
    return [...this.#objects.values()].filter(one => one.kind === kind.kind);
  }

  readonly client: ClusterClient = {
    cluster: this.name,
    get: async (kind, key) => this.get(kind, key),
    list: async kind => ({ items: this.all(kind), resourceVersion: '1' }),
    create: async (kind, object) => {
      this.#admit('create', kind, object);
      if (this.#objects.has(idOf(object)))
        throw failure('AlreadyExists', 'create', object);
      this.put(object);
      return this.#done('create', object);
    },
    replace: async (kind, object) => {
      const old = this.#expect('replace', kind, object);
      this.put({ ...object, status: old.status });
      return this.#done('replace', object);
    },
    replaceStatus: async (kind, object) => {
      const old = this.#expect('replaceStatus', kind, object);
      this.#store({ ...old, status: structuredClone(object.status) });
      return this.#done('replaceStatus', object);
    },
    apply: async () => {
      throw new Error('policies are written whole');
    },
    jsonPatch: async (kind, key, operations) => {
      const object = this.get(kind, key);
      if (!object)
        throw failure('NotFound', 'patch', { kind: kind.kind, metadata: key });
      this.#admit('patch', kind, object);
      object.metadata.finalizers = patchFinalizers(object, operations);
      if (
        object.metadata.deletionTimestamp &&
        object.metadata.finalizers.length === 0
      )
        this.#drop(object);
      else this.#store(object);
      this.writes.push(`patch ${idOf(object)}`);
      return object;
    },
    delete: async (kind, key, options) => {
      const object = this.get(kind, key);
      if (!object) return false;
      this.#admit('delete', kind, object);
      if (options?.resourceVersion !== object.metadata.resourceVersion)
        throw failure('Conflict', 'delete', object);
      this.remove(kind, key);
      this.writes.push(`delete ${idOf(object)}`);
      return true;
    },
  };

  #admit(verb: string, kind: ResourceKind, object: KubernetesObject) {
    const reason = this.refusals.get(`${verb} ${kind.kind}`);
    if (reason) throw failure(reason, verb, object);
  }

  #expect(verb: string, kind: ResourceKind, object: KubernetesObject) {
    this.#admit(verb, kind, object);
    const old = this.#objects.get(idOf(object));
    if (!old) throw failure('NotFound', verb, object);
    if (!object.metadata.resourceVersion)
      throw failure('Invalid', verb, object);
    if (old.metadata.resourceVersion !== object.metadata.resourceVersion)
      throw failure('Conflict', verb, object);
    return old;
  }

  #done(verb: string, object: KubernetesObject): KubernetesObject {
    this.writes.push(`${verb} ${idOf(object)}`);
    return structuredClone(this.#objects.get(idOf(object))!);
  }

  #store(object: KubernetesObject): void {
    this.#version += 1;
    const stored = {
      ...object,
      metadata: {
        ...object.metadata,
        resourceVersion: String(this.#version),
      },
    };
    this.#objects.set(idOf(object), stored);
    this.#announce(stored, false);
  }

  #drop(object: KubernetesObject): void {
    this.#version += 1;
    this.#objects.delete(idOf(object));
    this.#announce(object, true);
  }

  #announce(object: KubernetesObject, isGone: boolean): void {
    const kind = Object.values(KINDS).find(one => one.kind === object.kind);
    if (kind) this.cache(kind).take(object, isGone);
    this.onWrite();
  }
}

function idOf(object: {
  kind: string;
  metadata: { namespace?: string; name: string };
}) {
  const { namespace, name } = object.metadata;
  return `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

function failure(
  reason: ClusterErrorReason,
  verb: string,
  object: { kind: string; metadata: { namespace?: string; name: string } },
): ClusterError {
  return new ClusterError({
    cluster: 'fake',
    verb,
    kind: object.kind,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    reason,
    explanation: `the test answers ${reason}`,
  });
}

/** Just the patches that finalizers need. */
function patchFinalizers(
  object: KubernetesObject,
  operations: readonly object[],
): string[] {
  let finalizers = [...(object.metadata.finalizers ?? [])];
  for (const one of operations as Array<{
    op: string;
    path: string;
    value?: unknown;
  }>) {
    const index = Number(one.path.split('/')[3]);
    const held =
      one.path === '/metadata/resourceVersion'
        ? object.metadata.resourceVersion
        : finalizers[index];
    if (one.op === 'test' && held !== one.value)
      throw failure('Conflict', 'patch', object);
    if (one.op === 'add')
      finalizers = one.path.endsWith('/-')
        ? [...finalizers, String(one.value)]
        : (one.value as string[]);
    if (one.op === 'remove') finalizers.splice(index, 1);
  }
  return finalizers;
}
