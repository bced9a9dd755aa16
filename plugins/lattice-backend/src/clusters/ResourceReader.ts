import { RequestSubject } from './ClusterError';
import { ClusterTransport } from './HttpTransport';
import { ObjectPage, parsePage } from './objectPage';
import { PageSizes } from './PageSizes';
import { projectionOf } from './projections';
import { describeNetworkError, failureOf, requestJson } from './requestJson';
import { queryString, resourcePath } from './resourcePath';
import { unreachable } from './translateFailure';
import { ResourceKind } from './types';

/** Lists page by page and opens watches: what a watch cache needs of a cluster. */
export interface ResourceReader {
  readonly cluster: string;
  listPage(
    kind: ResourceKind,
    options: { limit?: number; continueToken?: string; signal: AbortSignal },
  ): Promise<ObjectPage>;
  /** How many objects of a kind are well asked for at once, at present. */
  pageSizeOf(kind: ResourceKind): number;
  /** Resolves when the server has accepted the watch; the bytes are lines of JSON. */
  openWatch(
    kind: ResourceKind,
    options: {
      resourceVersion: string;
      timeoutSeconds: number;
      signal: AbortSignal;
    },
  ): Promise<AsyncIterable<Buffer>>;
}

const METADATA_LIST =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METADATA_OBJECT =
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** `ResourceReader` over HTTP. */
export class HttpResourceReader implements ResourceReader {
  readonly cluster: string;
  readonly #transport: ClusterTransport;
  readonly #timeoutMs: number;
  readonly #pageSize: number | undefined;
  readonly #pageSizes = new PageSizes();

  constructor(options: {
    cluster: string;
    transport: ClusterTransport;
    timeoutMs?: number;
    /** Learned from what comes unless told. */
    pageSize?: number;
  }) {
    this.cluster = options.cluster;
    this.#transport = options.transport;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#pageSize = options.pageSize;
  }

  async listPage(
    kind: ResourceKind,
    options: { limit?: number; continueToken?: string; signal: AbortSignal },
  ): Promise<ObjectPage> {
    const subject = this.#subject('list', kind);
    let bytes = 0;
    const body = await requestJson(this.#transport, {
      subject,
      method: 'GET',
      path:
        resourcePath(kind) +
        queryString({
          limit: options.limit ?? this.pageSizeOf(kind),
          continue: options.continueToken,
        }),
      accept: projectionOf(kind).isMetadataOnly ? METADATA_LIST : undefined,
      signal: options.signal,
      timeoutMs: this.#timeoutMs,
      onBody: size => {
        bytes = size;
      },
    });
    const page = parsePage(kind, subject, body);
    this.#pageSizes.learn(kind.plural, { objects: page.items.length, bytes });
    return page;
  }

  pageSizeOf(kind: ResourceKind): number {
    return this.#pageSize ?? this.#pageSizes.sizeOf(kind.plural);
  }

  async openWatch(
    kind: ResourceKind,
    options: {
      resourceVersion: string;
      timeoutSeconds: number;
      signal: AbortSignal;
    },
  ): Promise<AsyncIterable<Buffer>> {
    const subject = this.#subject('watch', kind);
    const response = await this.#openStream(kind, subject, options);
    if (response.statusCode !== 200) {
      throw await failureOf(subject, response);
    }
    return response.body as AsyncIterable<Buffer>;
  }

  async #openStream(
    kind: ResourceKind,
    subject: RequestSubject,
    options: {
      resourceVersion: string;
      timeoutSeconds: number;
      signal: AbortSignal;
    },
  ) {
    const query = queryString({
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: options.resourceVersion,
      timeoutSeconds: options.timeoutSeconds,
    });
    try {
      return await this.#transport.request({
        method: 'GET',
        path: resourcePath(kind) + query,
        headers: {
          accept: projectionOf(kind).isMetadataOnly
            ? METADATA_OBJECT
            : 'application/json',
        },
        signal: options.signal,
        isStream: true,
      });
    } catch (error) {
      options.signal.throwIfAborted();
      throw unreachable(subject, describeNetworkError(error));
    }
  }

  #subject(verb: string, kind: ResourceKind): RequestSubject {
    return { cluster: this.cluster, verb, kind: kind.kind };
  }
}
