import {
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { WriteGuard } from '../access/AccessWrite';
import { ReadProfile } from './readProfile';

/** A served resource: enough to build its URL. */
export interface ResourceKind {
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What went wrong with a request, in our own small vocabulary. */
export type ClusterErrorReason =
  | 'Unreachable'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'Throttled'
  | 'Gone'
  | 'ServerError';

/** Who acts; absent = the connection's own account. */
export interface Impersonation {
  /** For example `system:serviceaccount:data:lattice-packages`. */
  readonly user: string;
  readonly groups: readonly string[];
}

/** Options that every write understands. */
export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly as?: Impersonation;
  readonly signal?: AbortSignal;
}

/**
 * Typed requests to one API server. Every failure is a `ClusterError` with cluster, verb, kind and name;
 * raw bodies never leave it.
 */
export interface ClusterClient {
  readonly cluster: string;
  /** `undefined` when there is no such object. */
  get(
    kind: ResourceKind,
    key: ObjectKey | { name: string },
    options?: { as?: Impersonation; signal?: AbortSignal },
  ): Promise<KubernetesObject | undefined>;
  /** Every object, all pages. Throws rather than returning a part. */
  list(
    kind: ResourceKind,
    options?: {
      namespace?: string;
      labelSelector?: string;
      as?: Impersonation;
      signal?: AbortSignal;
    },
  ): Promise<{ items: KubernetesObject[]; resourceVersion: string }>;
  /** POST. */
  create(
    kind: ResourceKind,
    object: KubernetesObject,
    options?: WriteOptions,
  ): Promise<KubernetesObject>;
  /** PUT; `metadata.resourceVersion` must be set. */
  replace(
    kind: ResourceKind,
    object: KubernetesObject,
    options?: WriteOptions,
  ): Promise<KubernetesObject>;
  /** Server-side apply with our field manager. */
  apply(
    kind: ResourceKind,
    object: KubernetesObject,
    options?: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject>;
  /** PUT of the status subresource; `metadata.resourceVersion` must be set. */
  replaceStatus(
    kind: ResourceKind,
    object: KubernetesObject,
    options?: WriteOptions,
  ): Promise<KubernetesObject>;
  /** JSON patch (RFC 6902), for finalizers with a `test` operation. */
  jsonPatch(
    kind: ResourceKind,
    key: ObjectKey | { name: string },
    operations: readonly object[],
    options?: WriteOptions,
  ): Promise<KubernetesObject>;
  /** `false` when it was already gone. */
  delete(
    kind: ResourceKind,
    key: ObjectKey | { name: string },
    options?: WriteOptions & {
      uid?: string;
      resourceVersion?: string;
      propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
    },
  ): Promise<boolean>;
}

/** Watch cache of one kind of one cluster. Objects are frozen: never change one in place. */
export interface ResourceCache {
  readonly kind: ResourceKind;
  get(key: ObjectKey | { name: string }): KubernetesObject | undefined;
  list(namespace?: string): KubernetesObject[];
  /** false until the first full list, and while a re-list after a gap is not finished. Pruning waits for it. */
  readonly isComplete: boolean;
  /** When the server was last heard of (event, bookmark or list). */
  readonly lastSeenAt: Date | undefined;
  /** Why it is not complete, for people. */
  readonly error: string | undefined;
  /** Called with the object before and after; `before` absent = added, `after` absent = deleted. Returns an unsubscribe function. */
  onChange(
    listener: (change: {
      before?: KubernetesObject;
      after?: KubernetesObject;
    }) => void,
  ): () => void;
  /**
   * Called after every complete list: the first, and each one after a gap or after a kind came alive. Returns an
   * unsubscribe function. Absent = the cache never becomes complete again by itself.
   */
  onComplete?(listener: () => void): () => void;
  /** Resolves at the first complete list. */
  synced(signal?: AbortSignal): Promise<void>;
}

/** One cluster: how it is reached, what is cached of it, what may be done to it. */
export interface ClusterConnection {
  readonly name: string;
  readonly mode: 'observe' | 'reconcile';
  readonly client: ClusterClient;
  /** The cache of a kind; the first call starts its watch. A kind that is not served stays incomplete with an error. */
  cache(kind: ResourceKind): ResourceCache;
  /** What the cluster itself says of how it is set up; absent until it has answered once. */
  readonly setUp?: ReadProfile;
  /** Grows with every change of any cache of this cluster. */
  readonly revision: number;
  /** Opens a loopback endpoint for one helm run, whose writes pass the guard; see `access/`. */
  openAccess(as: Impersonation, guard?: WriteGuard): Promise<ClusterAccess>;
  /**
   * Says that something which acts on the cluster has begun; the returned function says that it has ended. The cluster
   * is handed to another replica only while nothing is under way.
   */
  beginWork?(): () => void;
}

/** A loopback endpoint of the API server that lives as long as one child process. */
export interface ClusterAccess {
  /** Path of a kubeconfig (mode 0600) that names only the loopback URL; removed by `close`. */
  readonly kubeconfigPath: string;
  /** Requests forwarded so far. */
  readonly requestCount: number;
  close(): Promise<void>;
}
