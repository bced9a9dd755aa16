import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessagePort } from 'node:worker_threads';

/** A Lease as it is stored; only what matters here. */
export interface StoredLease {
  metadata: {
    name: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
  };
  spec: { holderIdentity?: string; leaseTransitions?: number };
}

/** One write that was accepted. */
export interface LeaseWrite {
  readonly atMs: number;
  readonly method: string;
  readonly cluster: string;
  readonly name: string;
  readonly holder: string;
}

/** What went on so far. */
export interface LeaseServerState {
  readonly leases: Readonly<Record<string, readonly StoredLease[]>>;
  readonly writes: LeaseWrite[];
}

interface Cluster {
  readonly leases: Map<string, StoredLease>;
  /** Answers nothing. */
  isAway: boolean;
  /** Answers 403 to everything but the one Lease. */
  isStrict: boolean;
}

const PATH =
  /^\/([^/]+)\/apis\/coordination\.k8s\.io\/v1\/namespaces\/lattice-system\/leases(?:\/([^/]+))?$/;

const clusters = new Map<string, Cluster>();
const writes: LeaseWrite[] = [];
let version = 0;

/** Serves the Leases of many clusters, each below its name; runs in a worker thread. */
export function serveLeases(port: MessagePort): void {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () =>
    port.postMessage((server.address() as AddressInfo).port),
  );
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  const body = text ? JSON.parse(text) : undefined;
  const url = new URL(request.url ?? '/', 'http://server');
  if (url.pathname === '/state') {
    send(response, 200, stateNow());
  } else if (url.pathname === '/faults') {
    const { cluster, ...faults } = body;
    Object.assign(clusterOf(cluster), faults);
    send(response, 200, {});
  } else {
    answerLease(request.method ?? 'GET', url, body, response);
  }
}

function answerLease(
  method: string,
  url: URL,
  body: StoredLease | undefined,
  response: ServerResponse,
): void {
  const [, clusterName, name] = PATH.exec(url.pathname) ?? [];
  if (!clusterName) {
    send(response, 404, { kind: 'Status' });
    return;
  }
  const cluster = clusterOf(clusterName);
  const target = name ?? body?.metadata.name;
  if (cluster.isAway) {
    response.destroy();
  } else if (cluster.isStrict && target !== 'lattice-portal') {
    send(response, 403, { kind: 'Status', reason: 'Forbidden' });
  } else if (method === 'GET') {
    read(cluster, name, url.searchParams.get('labelSelector'), response);
  } else {
    write(method, { cluster, clusterName, name, body }, response);
  }
}

function read(
  cluster: Cluster,
  name: string | undefined,
  selector: string | null,
  response: ServerResponse,
): void {
  if (!name) {
    const [label, value] = (selector ?? '').split('=');
    const items = [...cluster.leases.values()].filter(
      lease => !label || lease.metadata.labels?.[label] === value,
    );
    send(response, 200, { metadata: { resourceVersion: '1' }, items });
    return;
  }
  const lease = cluster.leases.get(name);
  send(response, lease ? 200 : 404, lease ?? missing(name));
}

function write(
  method: string,
  call: {
    cluster: Cluster;
    clusterName: string;
    name?: string;
    body?: StoredLease;
  },
  response: ServerResponse,
): void {
  const { cluster, clusterName, body } = call;
  const name = call.name ?? body?.metadata.name ?? '';
  const refusal = refusalOf(method, cluster.leases.get(name), body);
  if (refusal) {
    const status = refusal === 'NotFound' ? missing(name) : { reason: refusal };
    send(response, refusal === 'NotFound' ? 404 : 409, {
      kind: 'Status',
      ...status,
    });
    return;
  }
  store(method, cluster, name, body);
  writes.push({
    atMs: Number(process.hrtime.bigint() / 1_000_000n),
    method,
    cluster: clusterName,
    name,
    holder: method === 'DELETE' ? '' : holderOf(body),
  });
  send(response, 200, cluster.leases.get(name) ?? { kind: 'Status' });
}

function refusalOf(
  method: string,
  current: StoredLease | undefined,
  body: StoredLease | undefined,
): 'AlreadyExists' | 'NotFound' | 'Conflict' | undefined {
  if (method === 'POST') {
    return current ? 'AlreadyExists' : undefined;
  }
  if (!current) {
    return 'NotFound';
  }
  const { resourceVersion } = current.metadata;
  return method === 'PUT' && body?.metadata.resourceVersion !== resourceVersion
    ? 'Conflict'
    : undefined;
}

function store(
  method: string,
  { leases }: Cluster,
  name: string,
  body: StoredLease | undefined,
): void {
  version += 1;
  if (method === 'DELETE') {
    leases.delete(name);
  } else if (body) {
    const uid = leases.get(name)?.metadata.uid ?? `uid-${version}`;
    const metadata = { ...body.metadata, uid, resourceVersion: `${version}` };
    leases.set(name, { ...body, metadata });
  }
}

function holderOf(lease: StoredLease | undefined): string {
  return lease?.spec.holderIdentity ?? '';
}

function clusterOf(name: string): Cluster {
  let cluster = clusters.get(name);
  if (!cluster) {
    cluster = { leases: new Map(), isAway: false, isStrict: false };
    clusters.set(name, cluster);
  }
  return cluster;
}

function stateNow(): LeaseServerState {
  const leases = [...clusters].map(
    ([name, cluster]) => [name, [...cluster.leases.values()]] as const,
  );
  return { leases: Object.fromEntries(leases), writes };
}

function missing(name: string): object {
  return { kind: 'Status', reason: 'NotFound', details: { name } };
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
