import { Agent, request } from 'undici';

/** A Kubernetes object as it travels. */
export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
    managedFields?: unknown[];
  };
  [field: string]: unknown;
};

/** A reference to the object that another belongs to. */
export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

/** How the API server is reached. */
export type ClusterAccess = {
  server: string;
  ca: string;
  certificate: string;
  key: string;
};

/** An answer of the API server that is not a success; the body is its Status message, never an object. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Body and headers of a request. */
export type CallOptions = {
  body?: unknown;
  contentType?: string;
  query?: Record<string, string>;
};

type ResourceInfo = { name: string; namespaced: boolean };

/** Content type of a server-side apply. */
const APPLY = 'application/apply-patch+yaml';
const REQUEST_TIMEOUT_MS = 30_000;

/** The few calls of the Kubernetes API that the lab itself needs. */
export class KubernetesClient {
  private readonly agent: Agent;
  private readonly server: string;
  private readonly resources = new Map<string, Map<string, ResourceInfo>>();

  constructor(access: ClusterAccess) {
    this.server = access.server;
    this.agent = new Agent({
      connect: { ca: access.ca, cert: access.certificate, key: access.key },
      bodyTimeout: 0,
    });
  }

  /** One call; rejects with ApiError unless the answer is a success. */
  async call<T = KubernetesObject>(
    method: Method,
    path: string,
    options: CallOptions = {},
  ): Promise<T> {
    const { body, contentType = 'application/json', query } = options;
    const answer = await request(`${this.server}${path}`, {
      method,
      query,
      dispatcher: this.agent,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) {
      throw apiError(answer.statusCode, `${method} ${path}`, text);
    }
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }

  /** Body of a watch, one JSON event a line, until the signal aborts or the server ends it. */
  async watch(
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Buffer>> {
    const answer = await request(`${this.server}${path}`, {
      query: { ...query, watch: 'true' },
      dispatcher: this.agent,
      signal,
      headers: { accept: 'application/json' },
    });
    if (answer.statusCode >= 300) {
      throw apiError(
        answer.statusCode,
        `WATCH ${path}`,
        await answer.body.text(),
      );
    }
    return answer.body;
  }

  /** The object, or undefined when there is none. */
  async find<T = KubernetesObject>(path: string): Promise<T | undefined> {
    try {
      return await this.call<T>('GET', path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** Server-side apply, taking over fields that others own. */
  async apply(
    object: KubernetesObject,
    fieldManager: string,
  ): Promise<KubernetesObject> {
    const path = await this.pathOf(object);
    return this.call('PATCH', path, {
      body: object,
      contentType: APPLY,
      query: { fieldManager, force: 'true' },
    });
  }

  /** Path of an object; asks the server once per group version which resource serves the kind. */
  async pathOf(object: KubernetesObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const resource = await this.resourceOf(apiVersion, kind);
    const root = groupPath(apiVersion);
    const namespace = resource.namespaced
      ? `/namespaces/${encodeURIComponent(metadata.namespace ?? 'default')}`
      : '';
    return `${root}${namespace}/${resource.name}/${encodeURIComponent(
      metadata.name,
    )}`;
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async resourceOf(
    apiVersion: string,
    kind: string,
  ): Promise<ResourceInfo> {
    const known = this.resources.get(apiVersion)?.get(kind);
    if (known) {
      return known;
    }
    const list = await this.call<{
      resources: { name: string; kind: string; namespaced: boolean }[];
    }>('GET', groupPath(apiVersion));
    const byKind = new Map(
      list.resources
        .filter(resource => !resource.name.includes('/'))
        .map(resource => [
          resource.kind,
          { name: resource.name, namespaced: resource.namespaced },
        ]),
    );
    this.resources.set(apiVersion, byKind);
    const found = byKind.get(kind);
    if (!found) {
      throw new ApiError(
        404,
        'NoKindMatch',
        `The cluster serves no ${kind} in ${apiVersion}`,
      );
    }
    return found;
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/')
    ? `/apis/${apiVersion}`
    : `/api/${apiVersion}`;
}

function apiError(status: number, what: string, text: string): ApiError {
  try {
    const { reason = '', message = '' } = JSON.parse(text) as {
      reason?: string;
      message?: string;
    };
    return new ApiError(status, reason, `${what}: ${message}`);
  } catch {
    // Not a Status object: the code has to do, the body may be anything.
    return new ApiError(status, '', `${what}: HTTP ${status}`);
  }
}
