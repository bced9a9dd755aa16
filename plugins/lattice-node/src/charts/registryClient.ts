import { createHash } from 'node:crypto';
import { ChartError } from './chartErrors';
import { ChartHttp, ChartRequest, ChartResponse } from './ChartHttp';
import { ResolvedRepository } from './repositoryUrl';

/** Login for one repository's host. Never logged. */
export interface ChartCredentials {
  readonly username: string;
  readonly password: string;
}

/** Which artefact of which registry. */
export interface RegistryRequest {
  readonly repository: ResolvedRepository;
  readonly name: string;
  /** Tag or `sha256:…`. */
  readonly reference: string;
  readonly credentials?: ChartCredentials;
  /** Hosts of token services that may see the login besides the repository's own. */
  readonly tokenHosts?: readonly string[];
  readonly ca?: string;
  readonly maxArchiveBytes: number;
  readonly signal?: AbortSignal;
}

/** A chart as a registry keeps it. */
export interface RegistryChart {
  /** Digest of the manifest. */
  readonly manifestDigest: string;
  /** Digest of the packed chart. */
  readonly archiveDigest: string;
  /** Fetches and verifies the packed chart. */
  download(): Promise<Buffer>;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const CHART_LAYER_TYPES = new Set([
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  'application/tar+gzip',
]);
const MAX_MANIFEST_BYTES = 1024 * 1024;
const MAX_TOKEN_BYTES = 256 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Value of the header for a login with name and password. */
export function basicAuthorization(credentials: ChartCredentials): string {
  const pair = `${credentials.username}:${credentials.password}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** `sha256:…` of some bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Requests for one artefact: remembers the token that the registry asked for. */
class RegistrySession {
  #authorization: string | undefined;

  constructor(
    private readonly http: ChartHttp,
    private readonly wanted: RegistryRequest,
  ) {}

  async get(
    path: string,
    maxBytes: number,
    accept: string,
  ): Promise<ChartResponse> {
    const first = await this.#send(path, maxBytes, accept);
    if (first.status !== 401) {
      return this.#checked(first, path);
    }
    this.#authorization = await this.#answerChallenge(
      first.headers['www-authenticate'] ?? '',
    );
    return this.#checked(await this.#send(path, maxBytes, accept), path);
  }

  async #send(
    path: string,
    maxBytes: number,
    accept: string,
  ): Promise<ChartResponse> {
    const { repository, name } = this.wanted;
    const url = new URL(repository.url);
    url.pathname = `/v2${repository.url.pathname.replace(
      /\/$/,
      '',
    )}/${name}/${path}`;
    return await this.http.get({
      ...this.#base(),
      url,
      maxBytes,
      headers: {
        accept,
        ...(this.#authorization ? { authorization: this.#authorization } : {}),
      },
    });
  }

  #base(): Pick<ChartRequest, 'caFile' | 'ca' | 'signal'> {
    return {
      caFile: this.wanted.repository.caFile,
      ca: this.wanted.ca,
      signal: this.wanted.signal,
    };
  }

  async #answerChallenge(challenge: string): Promise<string> {
    const { credentials, repository } = this.wanted;
    const basic = credentials && basicAuthorization(credentials);
    if (/^basic\b/i.test(challenge) && basic) {
      return basic;
    }
    const realm = URL.parse(parameterOf(challenge, 'realm') ?? '');
    if (!/^bearer\b/i.test(challenge) || !realm) {
      throw this.#authFailed();
    }
    for (const key of ['service', 'scope']) {
      const value = parameterOf(challenge, key);
      if (value) {
        realm.searchParams.set(key, value);
      }
    }
    const isOwn = realm.host === repository.url.host;
    const mayKnow = isOwn || this.wanted.tokenHosts?.includes(realm.host);
    return await this.#requestToken(realm, isOwn, mayKnow ? basic : undefined);
  }

  async #requestToken(
    realm: URL,
    isOwn: boolean,
    authorization: string | undefined,
  ): Promise<string> {
    const answer = await this.http.get({
      url: realm,
      maxBytes: MAX_TOKEN_BYTES,
      signal: this.wanted.signal,
      ...(isOwn ? this.#base() : { namedBy: this.wanted.repository.url }),
      headers: authorization ? { authorization } : {},
    });
    return this.#readToken(answer);
  }

  #readToken(answer: ChartResponse): string {
    if (answer.status !== 200) {
      throw this.#authFailed();
    }
    try {
      const body = JSON.parse(answer.body.toString('utf8'));
      const token = body.token ?? body.access_token;
      if (typeof token === 'string' && token !== '') {
        return `Bearer ${token}`;
      }
    } catch {
      // No JSON: the same as no token.
    }
    throw this.#authFailed();
  }

  #authFailed(): ChartError {
    return new ChartError(
      'AuthFailed',
      `${this.wanted.repository.url.host} does not let us read ${this.wanted.name}. Check spec.chart.pullSecretRef.`,
    );
  }

  #checked(answer: ChartResponse, path: string): ChartResponse {
    const { host } = this.wanted.repository.url;
    if (answer.status === 200) {
      return answer;
    }
    if (answer.status === 401 || answer.status === 403) {
      throw this.#authFailed();
    }
    if (answer.status === 404) {
      const what = path.startsWith('manifests/')
        ? `version ${this.wanted.reference}`
        : 'the archive';
      throw new ChartError(
        'NotFound',
        `${host} has no chart ${this.wanted.name} in ${what}. Check spec.chart.name and spec.chart.version.`,
      );
    }
    throw new ChartError(
      answer.status === 429 ? 'Throttled' : 'Unreachable',
      `${host} answered ${answer.status}. It is tried again.`,
    );
  }
}

/** Asks a registry for a chart. Every byte is verified against the digest that names it. */
export async function findRegistryChart(
  http: ChartHttp,
  wanted: RegistryRequest,
): Promise<RegistryChart> {
  const session = new RegistrySession(http, wanted);
  const path = `manifests/${wanted.reference}`;
  const answer = await session.get(
    path,
    MAX_MANIFEST_BYTES,
    MANIFEST_TYPES.join(', '),
  );
  const manifestDigest = digestOf(answer.body);
  const told = answer.headers['docker-content-digest'];
  const isPinned = wanted.reference.startsWith('sha256:');
  if (
    (told && told !== manifestDigest) ||
    (isPinned && wanted.reference !== manifestDigest)
  ) {
    throw new ChartError(
      'DigestMismatch',
      `${wanted.repository.url.host} sent a manifest of ${wanted.name} that does not match its digest.`,
    );
  }
  const layer = chartLayer(answer.body, wanted);
  return {
    manifestDigest,
    archiveDigest: layer.digest,
    download: () => downloadLayer(session, layer, wanted),
  };
}

interface Layer {
  readonly digest: string;
  readonly size: number;
}

function chartLayer(manifest: Buffer, wanted: RegistryRequest): Layer {
  let layers: unknown;
  try {
    layers = (JSON.parse(manifest.toString('utf8')) as { layers?: unknown })
      .layers;
  } catch {
    throw new ChartError(
      'Invalid',
      `The manifest of ${wanted.name} is no JSON.`,
    );
  }
  const layer = (Array.isArray(layers) ? layers : []).find(
    it => CHART_LAYER_TYPES.has(it?.mediaType) && DIGEST.test(it?.digest),
  );
  if (!layer) {
    throw new ChartError(
      'Invalid',
      `${wanted.name}:${wanted.reference} exists but is no Helm chart.`,
    );
  }
  if (!(layer.size <= wanted.maxArchiveBytes)) {
    throw new ChartError(
      'TooLarge',
      `Chart ${wanted.name} is larger than ${wanted.maxArchiveBytes} bytes.`,
    );
  }
  return { digest: layer.digest, size: layer.size };
}

async function downloadLayer(
  session: RegistrySession,
  layer: Layer,
  wanted: RegistryRequest,
): Promise<Buffer> {
  const answer = await session.get(
    `blobs/${layer.digest}`,
    wanted.maxArchiveBytes,
    'application/octet-stream',
  );
  if (digestOf(answer.body) !== layer.digest) {
    throw new ChartError(
      'DigestMismatch',
      `The archive of chart ${wanted.name} does not match its digest.`,
    );
  }
  return answer.body;
}

function parameterOf(challenge: string, key: string): string | undefined {
  return new RegExp(`[\\s,]${key}="([^"]*)"`, 'i').exec(challenge)?.[1];
}
