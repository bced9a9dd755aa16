import { lookup, LookupAddress, LookupOptions } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { Agent, Dispatcher, request } from 'undici';
import { ChartError } from './chartErrors';
import { isPrivateAddress } from './privateAddress';

/** One GET, all of its hops. */
export interface ChartRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM file with the authorities to trust for the first hop's host. */
  readonly caFile?: string;
  /** PEM text of further authorities to trust for the first hop's host. */
  readonly ca?: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Hosts that a redirect may lead to; absent = any public one. */
  readonly redirectHosts?: readonly string[];
  /** The first URL came from this host's answer (an index, a challenge): hold it to the rules of a redirect of that host. */
  readonly namedBy?: URL;
}

/** The answer of the last hop. */
export interface ChartResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const MAX_HOPS = 5;
const HEADERS_TIMEOUT_MS = 15_000;
const BODY_TIMEOUT_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * GET over https under the rules for charts: every hop is checked, credentials stay with the first host, and what a
 * redirect names may lie on no private address, whatever its name resolves to at the moment of connecting.
 */
export class ChartHttp {
  readonly #agents = new Map<string, Promise<Agent>>();

  async get(wanted: ChartRequest): Promise<ChartResponse> {
    let url = wanted.url;
    for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
      const isOwnHost = url.host === wanted.url.host && !wanted.namedBy;
      const { hostname } = wanted.namedBy ?? wanted.url;
      const guarded = !isOwnHost && !isPrivateAddress(hostname);
      checkHop(url, guarded, hop > 0 ? wanted.redirectHosts : undefined);
      const agent = await this.#agent(
        guarded,
        isOwnHost ? wanted.caFile : undefined,
        isOwnHost ? wanted.ca : undefined,
      );
      const answer = await send(agent, url, wanted, isOwnHost);
      const location = answer.headers.location;
      if (!REDIRECTS.has(answer.status) || !location) {
        return answer;
      }
      const next = URL.parse(location, url);
      if (!next) {
        throw new ChartError('Invalid', `${url.host} redirects to no URL.`);
      }
      url = next;
    }
    throw new ChartError(
      'Invalid',
      `${wanted.url.host} redirects more than ${MAX_HOPS} times.`,
    );
  }

  async close(): Promise<void> {
    const agents = await Promise.all(this.#agents.values());
    this.#agents.clear();
    await Promise.all(agents.map(it => it.close()));
  }

  #agent(guarded: boolean, caFile?: string, ca?: string): Promise<Agent> {
    const key = JSON.stringify([guarded, caFile, ca]);
    const known = this.#agents.get(key);
    if (known) {
      return known;
    }
    const made = makeAgent(guarded, caFile, ca);
    this.#agents.set(key, made);
    made.catch(() => this.#agents.delete(key));
    return made;
  }
}

async function makeAgent(
  guarded: boolean,
  caFile?: string,
  ca?: string,
): Promise<Agent> {
  let authorities: string[] | undefined;
  if (caFile) {
    try {
      authorities = [await readFile(caFile, 'utf8')];
    } catch {
      throw new ChartError(
        'Invalid',
        `The file of certificate authorities ${caFile} cannot be read.`,
      );
    }
  }
  if (ca) {
    authorities = [...(authorities ?? rootCertificates), ca];
  }
  return new Agent({
    connections: 4,
    connect: {
      timeout: HEADERS_TIMEOUT_MS,
      ...(authorities ? { ca: authorities } : {}),
      ...(guarded ? { lookup: publicLookup } : {}),
    },
  });
}

/** Resolves a name and refuses private addresses, so that a name cannot change its mind after the check. */
function publicLookup(
  hostname: string,
  options: LookupOptions,
  callback: LookupCallback,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, []);
      return;
    }
    if (addresses.some(it => isPrivateAddress(it.address))) {
      const refusal: NodeJS.ErrnoException = new Error('private address');
      refusal.code = 'EPRIVATE';
      callback(refusal, []);
      return;
    }
    if (options.all) {
      callback(null, addresses);
    } else {
      callback(null, addresses[0].address, addresses[0].family);
    }
  });
}

function checkHop(
  url: URL,
  guarded: boolean,
  redirectHosts: readonly string[] | undefined,
): void {
  if (url.protocol !== 'https:' || url.username || url.password) {
    throw new ChartError(
      'NotAllowed',
      `${url.host} is not asked: charts come over https without user names in the URL.`,
    );
  }
  if (guarded && isPrivateAddress(url.hostname)) {
    throw new ChartError(
      'NotAllowed',
      `${url.host} is not asked: a public repository may not lead to a private address.`,
    );
  }
  if (redirectHosts && !redirectHosts.includes(url.host)) {
    throw new ChartError(
      'NotAllowed',
      `${url.host} is not asked: it is neither the repository's host nor in lattice.charts.archiveHosts.`,
    );
  }
}

async function send(
  agent: Agent,
  url: URL,
  wanted: ChartRequest,
  withHeaders: boolean,
): Promise<ChartResponse> {
  const headers = { ...wanted.headers };
  if (!withHeaders) {
    delete headers.authorization;
  }
  let answer: Dispatcher.ResponseData;
  try {
    answer = await request(url, {
      method: 'GET',
      headers,
      dispatcher: agent,
      signal: wanted.signal,
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
    });
  } catch (error) {
    throw translate(url, error, wanted.signal);
  }
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.join(', ') : String(value ?? ''),
      ]),
    ),
    body: await readCapped(answer, url, wanted),
  };
}

async function readCapped(
  answer: Dispatcher.ResponseData,
  url: URL,
  wanted: ChartRequest,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > wanted.maxBytes) {
        answer.body.destroy();
        throw new ChartError(
          'TooLarge',
          `The answer of ${url.host} is larger than ${wanted.maxBytes} bytes.`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ChartError
      ? error
      : translate(url, error, wanted.signal);
  }
  return Buffer.concat(chunks);
}

function translate(url: URL, error: unknown, signal?: AbortSignal): Error {
  if (signal?.aborted) {
    return signal.reason instanceof Error
      ? signal.reason
      : new Error('The work was called off.');
  }
  const code =
    (error as NodeJS.ErrnoException).code ??
    ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ??
    'no answer';
  if (code === 'EPRIVATE') {
    return new ChartError(
      'NotAllowed',
      `${url.host} is not asked: a public repository may not lead to a private address.`,
    );
  }
  return new ChartError(
    'Unreachable',
    `${url.host} cannot be reached (${code}). It is tried again.`,
  );
}
