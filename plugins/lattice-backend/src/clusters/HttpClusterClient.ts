import {
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError, isClusterError, RequestSubject } from './ClusterError';
import { ClusterTransport } from './HttpTransport';
import { ObjectPage, parsePage } from './objectPage';
import { requestJson } from './requestJson';
import { queryString, resourcePath, ResourceTarget } from './resourcePath';
import {
  ClusterClient,
  Impersonation,
  ResourceKind,
  WriteOptions,
} from './types';

/** Name under which our writes stand in `managedFields`. */
export const FIELD_MANAGER = 'lattice-portal';

/** Objects per page of a list. */
export const PAGE_SIZE = 500;

const DEFAULT_TIMEOUT_MS = 30_000;

/** Strict: a field that the server does not know is refused, never dropped. In a policy it might be what narrows it. */
const WRITE_QUERY = {
  fieldManager: FIELD_MANAGER,
  fieldValidation: 'Strict',
};

/** How a client reaches its API server. */
export interface HttpClusterClientOptions {
  readonly cluster: string;
  readonly transport: ClusterTransport;
  /** Every write is refused before it is sent; for clusters in observe mode. */
  readonly isReadOnly?: boolean;
  readonly timeoutMs?: number;
}

interface Call {
  readonly verb: string;
  readonly method: string;
  readonly kind: ResourceKind;
  readonly target: ResourceTarget;
  readonly query?: Record<string, string | number | boolean | undefined>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly as?: Impersonation;
  readonly signal?: AbortSignal;
}

type NameOrKey = ObjectKey | { name: string };

/** `ClusterClient` over HTTP. */
export class HttpClusterClient implements ClusterClient {
  readonly cluster: string;
  readonly #transport: ClusterTransport;
  readonly #isReadOnly: boolean;
  readonly #timeoutMs: number;

  constructor(options: HttpClusterClientOptions) {
    this.cluster = options.cluster;
    this.#transport = options.transport;
    this.#isReadOnly = options.isReadOnly ?? false;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  async get(
    kind: ResourceKind,
    key: NameOrKey,
    options: { as?: Impersonation; signal?: AbortSignal } = {},
  ): Promise<KubernetesObject | undefined> {
    try {
      return await this.#object({
        verb: 'get',
        method: 'GET',
        kind,
        target: targetOf(key),
        ...options,
      });
    } catch (error) {
      // A kind that is not served answers 404 too; that is no proof that the object is gone.
      if (isClusterError(error, 'NotFound') && error.isObjectMissing) {
        return undefined;
      }
      throw error;
    }
  }

  async list(
    kind: ResourceKind,
    options: {
      namespace?: string;
      labelSelector?: string;
      as?: Impersonation;
      signal?: AbortSignal;
    } = {},
  ): Promise<{ items: KubernetesObject[]; resourceVersion: string }> {
    const items: KubernetesObject[] = [];
    let page: ObjectPage | undefined;
    do {
      page = parsePage(
        kind,
        this.#subject('list', kind, { namespace: options.namespace }),
        await this.#send({
          verb: 'list',
          method: 'GET',
          kind,
          target: { namespace: options.namespace },
          query: {
            limit: PAGE_SIZE,
            continue: page?.continueToken,
            labelSelector: options.labelSelector,
          },
          as: options.as,
          signal: options.signal,
        }),
      );
      for (const item of page.items) {
        items.push(item);
      }
    } while (page.continueToken);
    return { items, resourceVersion: page.resourceVersion };
  }

  async create(
    kind: ResourceKind,
    object: KubernetesObject,
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    const { namespace, name } = object.metadata;
    return this.#write(options, {
      verb: 'create',
      method: 'POST',
      kind,
      target: { namespace },
      subjectName: name,
      query: WRITE_QUERY,
      body: object,
    });
  }

  async replace(
    kind: ResourceKind,
    object: KubernetesObject,
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    requireResourceVersion(object);
    return this.#write(options, {
      verb: 'replace',
      method: 'PUT',
      kind,
      target: targetOf(object.metadata),
      query: WRITE_QUERY,
      body: object,
    });
  }

  async apply(
    kind: ResourceKind,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean } = {},
  ): Promise<KubernetesObject> {
    const { managedFields, ...metadata } = object.metadata;
    return this.#write(options, {
      verb: 'apply',
      method: 'PATCH',
      kind,
      target: targetOf(object.metadata),
      query: {
        ...WRITE_QUERY,
        force: options.force ?? false,
      },
      body: { ...object, metadata },
      contentType: 'application/apply-patch+yaml',
    });
  }

  async replaceStatus(
    kind: ResourceKind,
    object: KubernetesObject,
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    requireResourceVersion(object);
    return this.#write(options, {
      verb: 'replace status',
      method: 'PUT',
      kind,
      target: { ...targetOf(object.metadata), subresource: 'status' },
      query: WRITE_QUERY,
      body: object,
    });
  }

  async jsonPatch(
    kind: ResourceKind,
    key: NameOrKey,
    operations: readonly object[],
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    return this.#write(options, {
      verb: 'patch',
      method: 'PATCH',
      kind,
      target: targetOf(key),
      query: WRITE_QUERY,
      body: operations,
      contentType: 'application/json-patch+json',
    });
  }

  async delete(
    kind: ResourceKind,
    key: NameOrKey,
    options: WriteOptions & {
      uid?: string;
      resourceVersion?: string;
      propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
    } = {},
  ): Promise<boolean> {
    const { uid, resourceVersion } = options;
    this.#refuseWhenReadOnly(this.#subject('delete', kind, targetOf(key)));
    try {
      await this.#send({
        verb: 'delete',
        method: 'DELETE',
        kind,
        target: targetOf(key),
        query: { dryRun: options.dryRun ? 'All' : undefined },
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagationPolicy ?? 'Background',
          preconditions:
            uid || resourceVersion ? { uid, resourceVersion } : undefined,
        },
        as: options.as,
        signal: options.signal,
      });
      return true;
    } catch (error) {
      if (isClusterError(error, 'NotFound') && error.isObjectMissing) {
        return false;
      }
      throw error;
    }
  }

  async #write(
    options: WriteOptions,
    call: Omit<Call, 'as' | 'signal'> & { subjectName?: string },
  ): Promise<KubernetesObject> {
    const { subjectName, ...rest } = call;
    this.#refuseWhenReadOnly(
      this.#subject(call.verb, call.kind, {
        ...call.target,
        name: call.target.name ?? subjectName,
      }),
    );
    return this.#object(
      {
        ...rest,
        query: { ...call.query, dryRun: options.dryRun ? 'All' : undefined },
        as: options.as,
        signal: options.signal,
      },
      subjectName,
    );
  }

  async #object(call: Call, subjectName?: string): Promise<KubernetesObject> {
    return (await this.#send(call, subjectName)) as KubernetesObject;
  }

  async #send(call: Call, subjectName?: string): Promise<unknown> {
    return requestJson(this.#transport, {
      subject: this.#subject(call.verb, call.kind, {
        ...call.target,
        name: call.target.name ?? subjectName,
      }),
      method: call.method,
      path:
        resourcePath(call.kind, call.target) + queryString(call.query ?? {}),
      body: call.body,
      contentType: call.contentType,
      as: call.as,
      signal: call.signal,
      timeoutMs: this.#timeoutMs,
    });
  }

  #subject(
    verb: string,
    kind: ResourceKind,
    target: ResourceTarget,
  ): RequestSubject {
    return {
      cluster: this.cluster,
      verb,
      kind: kind.kind,
      namespace: kind.namespaced ? target.namespace : undefined,
      name: target.name,
    };
  }

  #refuseWhenReadOnly(subject: RequestSubject): void {
    if (this.#isReadOnly) {
      throw new ClusterError({
        ...subject,
        reason: 'Forbidden',
        explanation: 'the cluster is only observed, nothing is written to it',
      });
    }
  }
}

function targetOf(key: { namespace?: string; name: string }): ResourceTarget {
  return { namespace: key.namespace, name: key.name };
}

function requireResourceVersion(object: KubernetesObject): void {
  if (!object.metadata.resourceVersion) {
    throw new TypeError(
      `${object.kind} ${object.metadata.name} cannot be replaced without its resourceVersion`,
    );
  }
}
