import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { Dispatcher, Pool } from 'undici';
import { Clock, systemClock } from './clock';
import { ClusterEndpoint, EndpointCredentials } from './endpoint';
import { Impersonation } from './types';

/** One HTTP exchange with an API server. */
export interface TransportRequest {
  readonly method: string;
  /** Path and query below the server's own path. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Readable;
  readonly as?: Impersonation;
  readonly signal?: AbortSignal;
  /** Body arrives over minutes: gets a connection of its own and no body time-out. */
  readonly isStream?: boolean;
}

/** Answer whose body must be consumed or destroyed. */
export type TransportResponse = Dispatcher.ResponseData;

/** Bytes to and from one API server, with credentials and impersonation added. */
export interface ClusterTransport {
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** How many plain requests one cluster may have under way. */
const REQUEST_CONNECTIONS = 16;
const CREDENTIALS_MAX_AGE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 60_000;

interface Pools {
  readonly credentials: EndpointCredentials;
  readonly requests: Pool;
  /** A stalled TCP connection must silence no more than one watch, so streams share none. */
  readonly streams: Pool;
}

/** Transport over undici pools that are replaced when the TLS material changes. */
export class HttpTransport implements ClusterTransport {
  readonly #endpoint: ClusterEndpoint;
  readonly #clock: Clock;
  #pools: Pools | undefined;
  #checkedAt = 0;
  #refreshing: Promise<Pools> | undefined;
  #isClosed = false;

  constructor(endpoint: ClusterEndpoint, clock: Clock = systemClock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const pools = await this.#currentPools();
    request.signal?.throwIfAborted();
    const pool = request.isStream ? pools.streams : pools.requests;
    const response = await pool.request({
      method: request.method as Dispatcher.HttpMethod,
      path: this.#endpoint.server.pathname.replace(/\/$/, '') + request.path,
      headers: headersOf(request, pools.credentials),
      body: request.body,
      signal: request.signal,
    });
    if (response.statusCode === 401) {
      // The token may have been rotated: the next request reads it anew.
      this.#checkedAt = Number.NEGATIVE_INFINITY;
    }
    return response;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#refreshing?.catch(() => undefined); // Its own caller reports it.
    const pools = this.#pools;
    this.#pools = undefined;
    await Promise.all([pools?.requests.destroy(), pools?.streams.destroy()]);
  }

  async #currentPools(): Promise<Pools> {
    if (this.#isClosed) {
      throw new Error('the connection is closed');
    }
    const age = this.#clock.monotonic() - this.#checkedAt;
    if (this.#pools && age < CREDENTIALS_MAX_AGE_MS) {
      return this.#pools;
    }
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<Pools> {
    const credentials = await this.#endpoint.credentials();
    const old = this.#pools;
    const keepsPools =
      old && isDeepStrictEqual(old.credentials.tls, credentials.tls);
    this.#pools = keepsPools
      ? { ...old, credentials }
      : createPools(this.#endpoint.server, credentials);
    this.#checkedAt = this.#clock.monotonic();
    if (old && !keepsPools) {
      // What is under way on the old connections may finish; nobody waits for it.
      void old.requests.close().catch(() => old.requests.destroy());
      void old.streams.close().catch(() => old.streams.destroy());
    }
    return this.#pools;
  }
}

function createPools(server: URL, credentials: EndpointCredentials): Pools {
  const shared: Pool.Options = {
    allowH2: false,
    pipelining: 1,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connect: { ...credentials.tls, timeout: CONNECT_TIMEOUT_MS },
  };
  return {
    credentials,
    requests: new Pool(server.origin, {
      ...shared,
      connections: REQUEST_CONNECTIONS,
    }),
    streams: new Pool(server.origin, {
      ...shared,
      connections: null,
      bodyTimeout: 0,
    }),
  };
}

function headersOf(
  request: TransportRequest,
  credentials: EndpointCredentials,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { ...request.headers };
  if (credentials.authorization) {
    headers.authorization = credentials.authorization;
  }
  if (request.as) {
    headers['impersonate-user'] = request.as.user;
    if (request.as.groups.length) {
      headers['impersonate-group'] = [...request.as.groups];
    }
  }
  return headers;
}
