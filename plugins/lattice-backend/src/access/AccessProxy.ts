import { randomBytes } from 'node:crypto';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import { ClusterTransport } from '../clusters/HttpTransport';
import { Impersonation } from '../clusters/types';
import { parseAccessPath } from './accessPath';
import { isRead, WriteGuard } from './AccessWrite';
import { guardWrite } from './guardWrite';
import {
  forwardedRequestHeaders,
  forwardedResponseHeaders,
} from './forwardedHeaders';

/** What one nonce opens. */
export interface AccessGrant {
  /** For logs. */
  readonly cluster: string;
  readonly transport: ClusterTransport;
  readonly as: Impersonation;
  /** Asked before each request: whether this process may still act on the cluster. */
  readonly mayForward: () => boolean;
  /** Asked before each write goes on; absent = whatever the account may do. */
  readonly guard?: WriteGuard;
  /** Calls back when the process may no longer act: what is under way is cut then. Returns an unsubscribe function. */
  readonly onLoss?: (listener: () => void) => () => void;
  readonly onRequest?: () => void;
}

/** An open way to one API server, as one account. */
export interface AccessSession {
  /** What a client takes as the API server's URL. */
  readonly url: string;
  readonly requestCount: number;
  /** Closes the way and cuts what is under way. */
  close(): void;
}

interface OpenSession {
  readonly grant: AccessGrant;
  readonly underWay: Set<AbortController>;
  count: number;
}

const NOT_FOUND = { code: 404, reason: 'NotFound', message: 'no such path' };
const NOT_OUR_TURN = {
  code: 503,
  reason: 'ServiceUnavailable',
  message: 'this process may not act on the cluster any more',
};
const NO_UPSTREAM = {
  code: 502,
  reason: 'ServiceUnavailable',
  message: 'the API server cannot be reached',
};

/**
 * Loopback server through which child processes reach API servers.
 *
 * A child knows only a URL with a nonce. Credential and impersonation are added here, so that the child holds no
 * secret, and acts as the one account for which its way was opened. The way is open while the process may act on the
 * cluster and until the session is closed, so that orphans are cut off.
 */
export class AccessProxy {
  readonly #logger: LoggerService;
  readonly #sessions = new Map<string, OpenSession>();
  #server: Server | undefined;
  #starting: Promise<number> | undefined;

  constructor(options: { logger: LoggerService }) {
    this.#logger = options.logger;
  }

  /** Opens a way; the server starts with the first one. */
  async open(grant: AccessGrant): Promise<AccessSession> {
    const port = await (this.#starting ??= this.#start());
    const nonce = randomBytes(32).toString('base64url');
    const session: OpenSession = { grant, underWay: new Set(), count: 0 };
    this.#sessions.set(nonce, session);
    const unsubscribe = grant.onLoss?.(() => cut(session, 'not our turn'));
    return {
      url: `http://127.0.0.1:${port}/${nonce}`,
      get requestCount() {
        return session.count;
      },
      close: () => {
        unsubscribe?.();
        this.#sessions.delete(nonce);
        cut(session, 'the way is closed');
      },
    };
  }

  /** Closes every way and the server. */
  async close(): Promise<void> {
    for (const session of this.#sessions.values()) {
      cut(session, 'the proxy is closed');
    }
    this.#sessions.clear();
    await this.#starting;
    const server = this.#server;
    this.#server = undefined;
    this.#starting = undefined;
    if (server) {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  }

  /** A failure to listen is not remembered: the next way tries again. */
  async #start(): Promise<number> {
    try {
      return await this.#listen();
    } catch (error) {
      this.#starting = undefined;
      this.#server = undefined;
      throw error;
    }
  }

  #listen(): Promise<number> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(error => {
        this.#logger.error('The access proxy failed', error as Error);
        response.destroy();
      });
    });
    server.requestTimeout = 0; // Long uploads are the API server's to refuse.
    server.on('upgrade', (_request, socket) => {
      // exec, attach and port-forward have no place in an installation.
      socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n');
    });
    server.on('connect', (_request, socket) => {
      socket.end(
        'HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n',
      );
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        server.unref();
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const path = parseAccessPath(request.url ?? '');
    const session = path && this.#sessions.get(path.nonce);
    if (!session) {
      refuse(response, NOT_FOUND);
      return;
    }
    if (!session.grant.mayForward()) {
      refuse(response, NOT_OUR_TURN);
      return;
    }
    session.count += 1;
    session.grant.onRequest?.();
    await this.#forward(session, path.rest, request, response);
  }

  async #forward(
    session: OpenSession,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const abort = new AbortController();
    session.underWay.add(abort);
    const onClose = () => abort.abort(new Error('the client went away'));
    response.once('close', onClose);
    const { guard } = session.grant;
    const method = request.method ?? 'GET';
    try {
      const guarded =
        guard && !isRead(method)
          ? await guardWrite(guard, { request, path })
          : { body: bodyOf(request) };
      if ('refusal' in guarded) {
        refuse(response, guarded.refusal);
        return;
      }
      const upstream = await session.grant.transport.request({
        method,
        path,
        headers: forwardedRequestHeaders(request.headers),
        body: guarded.body,
        as: session.grant.as,
        signal: abort.signal,
        isStream: true,
      });
      response.writeHead(
        upstream.statusCode,
        forwardedResponseHeaders(upstream.headers),
      );
      // A watch may say nothing for long: the client must see that it has been accepted.
      response.flushHeaders();
      await pipeline(upstream.body, response);
    } catch (error) {
      if (response.headersSent || abort.signal.aborted) {
        response.destroy();
        return;
      }
      this.#logger.warn(
        `A request of a child to cluster ${session.grant.cluster} failed`,
        { code: (error as { code?: string }).code ?? 'unknown' },
      );
      refuse(response, NO_UPSTREAM);
    } finally {
      response.off('close', onClose);
      session.underWay.delete(abort);
    }
  }
}

function cut(session: OpenSession, reason: string): void {
  session.underWay.forEach(request => request.abort(new Error(reason)));
}

function bodyOf(request: IncomingMessage): Readable | undefined {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  return hasBody ? request : undefined;
}

function refuse(
  response: ServerResponse,
  status: { code: number; reason: string; message: string },
): void {
  response.writeHead(status.code, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Status',
      metadata: {},
      status: 'Failure',
      ...status,
    }),
  );
}
