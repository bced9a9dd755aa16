import {
  createServer,
  IncomingHttpHeaders,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ListSnapshots } from './ListSnapshots';
import { answerJson, answerStatus } from './scriptedAnswers';
import { ScriptedStreams } from './ScriptedStreams';

export { answerJson, answerStatus } from './scriptedAnswers';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; resolving to false leaves it to the next rule. */
export type ScriptedAnswer = (
  request: ReceivedRequest,
  response: ServerResponse,
) => void | false;

/**
 * API server for tests over real sockets: lists with pages, watches that resume, and every fault that a real one does
 * not produce on demand. It knows cluster-wide lists alone.
 */
export class ScriptedApiServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #collections = new Map<string, Map<string, KubernetesObject>>();
  readonly #streams = new ScriptedStreams();
  readonly #rules: ScriptedAnswer[] = [];
  readonly #snapshots = new ListSnapshots();
  #delayMs = 0;
  #version = 100;
  #compactedAt = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#receive(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<ScriptedApiServer> {
    const server = new ScriptedApiServer();
    await new Promise<void>(resolve =>
      server.#server.listen(0, '127.0.0.1', resolve),
    );
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  get connectionCount(): number {
    return this.#sockets.size;
  }

  get watchCount(): number {
    return this.#streams.size;
  }

  /** Watches accept and then never say a word. */
  set isSilent(isSilent: boolean) {
    this.#streams.isSilent = isSilent;
  }

  /** Serves a collection such as `/api/v1/configmaps`, empty at first. */
  serve(collection: string): void {
    this.#collections.set(collection, new Map());
    this.#streams.serve(collection);
  }

  /** Stops serving a collection, as when its definition is deleted. */
  unserve(collection: string): void {
    this.#collections.delete(collection);
    this.endWatches();
  }

  /** Creates or changes an object. */
  put(collection: string, object: KubernetesObject): KubernetesObject {
    const objects = this.#objectsOf(collection);
    const key = keyOf(object);
    const stored = this.#stamp(object);
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED';
    objects.set(key, stored);
    this.#publish(collection, type, stored);
    return stored;
  }

  remove(collection: string, key: { namespace?: string; name: string }): void {
    const objects = this.#objectsOf(collection);
    const id = keyOf({ metadata: key });
    const object = objects.get(id);
    if (object) {
      objects.delete(id);
      this.#publish(collection, 'DELETED', this.#stamp(object));
    }
  }

  objects(collection: string): KubernetesObject[] {
    return [...this.#objectsOf(collection).values()];
  }

  /** Forgets old versions: watches from before now are answered with 410. */
  compact(): void {
    this.#version += 1;
    this.#compactedAt = this.#version;
  }

  /** The next request that the rule accepts is answered by it, once. */
  once(answer: ScriptedAnswer): void {
    const rule: ScriptedAnswer = (request, response) => {
      const result = answer(request, response);
      if (result !== false) {
        this.#rules.splice(this.#rules.indexOf(rule), 1);
      }
      return result;
    };
    this.#rules.push(rule);
  }

  /** Every request that the rule accepts is answered by it. */
  always(answer: ScriptedAnswer): void {
    this.#rules.push(answer);
  }

  /** Reads the next request at once and answers it late. */
  delayNext(ms: number): void {
    this.#delayMs = ms;
  }

  /** Ends every watch as at its time-out. */
  endWatches(): void {
    this.#streams.end();
  }

  /** Says nothing more on the watches that are open, and leaves them open: a connection whose other end is gone. */
  stall(): void {
    this.#streams.stall();
  }

  /** Sends the events of these changes the wrong way around, in one piece. */
  inReverse(change: () => void): void {
    this.#streams.inReverse(change);
  }

  /** Sends every event of the last few once more. */
  repeat(collection: string, count: number): void {
    this.#streams.repeat(collection, count);
  }

  /** Sends raw bytes on every watch. */
  sendRaw(text: string): void {
    this.#streams.sendRaw(text);
  }

  /** Cuts every connection. */
  cut(): void {
    this.#sockets.forEach(socket => socket.destroy());
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #receive(
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) {
      chunks.push(chunk as Buffer);
    }
    const request: ReceivedRequest = {
      method: message.method ?? '',
      url: new URL(message.url ?? '/', 'http://server'),
      headers: message.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(request);
    await this.#delay();
    for (const rule of [...this.#rules]) {
      if (rule(request, response) !== false) {
        return;
      }
    }
    this.answer(request, response);
  }

  async #delay(): Promise<void> {
    const ms = this.#delayMs;
    this.#delayMs = 0;
    if (ms > 0) {
      await new Promise(resolve => setTimeout(resolve, ms));
    }
  }

  /** Answers a read as a sound server does; for a rule that kept it back. */
  answer(request: ReceivedRequest, response: ServerResponse): void {
    const collection = request.url.pathname;
    if (!this.#collections.has(collection)) {
      answerStatus(response, 404, { reason: 'NotFound' });
    } else if (request.url.searchParams.get('watch') === 'true') {
      this.#answerWatch(collection, request.url.searchParams, response);
    } else {
      this.#answerList(collection, request.url.searchParams, response);
    }
  }

  #answerList(
    collection: string,
    query: URLSearchParams,
    response: ServerResponse,
  ): void {
    const limit = Number(query.get('limit') ?? 500);
    const token = query.get('continue');
    const page = token
      ? this.#snapshots.resume(token, this.#compactedAt, limit)
      : this.#snapshots.begin(this.objects(collection), this.#version, limit);
    if (!page) {
      answerStatus(response, 410, { reason: 'Expired' });
      return;
    }
    answerJson(response, 200, {
      kind: 'List',
      metadata: {
        resourceVersion: String(page.version),
        continue: page.continueToken,
      },
      items: page.items.map(
        ({ kind: _kind, apiVersion: _apiVersion, ...item }) => item,
      ),
    });
  }

  #answerWatch(
    collection: string,
    query: URLSearchParams,
    response: ServerResponse,
  ): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compactedAt) {
      answerStatus(response, 410, { reason: 'Expired' });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#streams.open(collection, from, response);
  }

  #publish(collection: string, type: string, object: KubernetesObject): void {
    this.#streams.publish(collection, { version: this.#version, type, object });
  }

  #stamp(object: KubernetesObject): KubernetesObject {
    this.#version += 1;
    const metadata = {
      uid: `uid-${keyOf(object)}`,
      ...object.metadata,
      resourceVersion: String(this.#version),
    };
    return { ...object, metadata };
  }

  #objectsOf(collection: string): Map<string, KubernetesObject> {
    const objects = this.#collections.get(collection);
    if (!objects) {
      throw new Error(`${collection} is not served`);
    }
    return objects;
  }
}

function keyOf(object: {
  metadata: { namespace?: string; name: string };
}): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}
