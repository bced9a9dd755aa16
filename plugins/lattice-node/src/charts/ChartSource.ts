import { ChartReference } from '@lattice-portal/backstage-plugin-lattice-common';
import { ChartCache } from './ChartCache';
import { ChartError } from './chartErrors';
import { ChartHttp } from './ChartHttp';
import { ChartArchive, readChartArchive } from './readChartArchive';
import {
  basicAuthorization,
  ChartCredentials,
  digestOf,
  findRegistryChart,
} from './registryClient';
import { readIndexEntries } from './repositoryIndex';
import {
  ChartMirror,
  ResolvedRepository,
  resolveRepository,
} from './repositoryUrl';

/** Under which rules a chart is fetched. */
export interface ChartFetchOptions {
  readonly allowedRepositories: readonly string[];
  readonly mirrors?: readonly ChartMirror[];
  /** Hosts that the archives of https repositories may lie on, besides their own. */
  readonly archiveHosts?: readonly string[];
  /** For the repository's own host; a mirror sees it only with `passLogin`. */
  readonly credentials?: ChartCredentials;
  /** Hosts of token services that may see the login besides the repository's own. */
  readonly tokenHosts?: readonly string[];
  /** PEM text of authorities to trust for the repository's host. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

/** A verified chart on the local disk. */
export interface FetchedChart extends ChartArchive {
  /** Absolute path of the packed chart. */
  readonly path: string;
  /** `sha256:…` of the packed chart. */
  readonly digest: string;
  /** `sha256:…` of the registry's manifest; only for `oci`. */
  readonly manifestDigest?: string;
}

/** Where charts come from. */
export interface ChartSource {
  /** Throws `ChartError`. */
  fetch(
    reference: ChartReference,
    options: ChartFetchOptions,
  ): Promise<FetchedChart>;
  close(): Promise<void>;
}

/** How a source of charts is bounded. */
export interface ChartSourceOptions {
  readonly cacheDirectory: string;
  /** Default 16 MiB. */
  readonly maxArchiveBytes?: number;
  /** Default 64 MiB. */
  readonly maxIndexBytes?: number;
}

const DEFAULT_ARCHIVE_BYTES = 16 * 1024 * 1024;
const DEFAULT_INDEX_BYTES = 64 * 1024 * 1024;
const CHART_NAME = /^[a-z0-9A-Z](?:[-a-zA-Z0-9._]*[a-zA-Z0-9])?$/;
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+-]{0,127}$/;

/** Fetches charts from OCI registries and https repositories into a cache that is named by content. */
export function createChartSource(options: ChartSourceOptions): ChartSource {
  const http = new ChartHttp();
  const cache = new ChartCache(options.cacheDirectory);
  const limits = {
    archive: options.maxArchiveBytes ?? DEFAULT_ARCHIVE_BYTES,
    index: options.maxIndexBytes ?? DEFAULT_INDEX_BYTES,
  };
  return {
    close: () => http.close(),
    fetch: async (reference, rules) => {
      checkReference(reference);
      const repository = resolveRepository(
        reference.repository,
        rules.allowedRepositories,
        rules.mirrors ?? [],
      );
      const locate =
        repository.protocol === 'oci' ? locateInRegistry : locateInIndex;
      const place = { http, repository, limits };
      const located = await locate(
        place,
        reference,
        repository.takesLogin ? rules : withoutLogin(rules),
      );
      checkPin(reference, located);
      return await load(cache, reference, located);
    },
  };
}

/** What a package names for its repository is not for another host that stands in for it. */
function withoutLogin(rules: ChartFetchOptions): ChartFetchOptions {
  return { ...rules, credentials: undefined, ca: undefined };
}

interface Located {
  /** Unknown for an index without digests until the archive is there. */
  readonly digest?: string;
  readonly manifestDigest?: string;
  download(): Promise<Buffer>;
}

/** The repository to ask, with what, and how much it may answer. */
interface Place {
  readonly http: ChartHttp;
  readonly repository: ResolvedRepository;
  readonly limits: { readonly archive: number; readonly index: number };
}

function checkReference({ name, version }: ChartReference): void {
  if (!CHART_NAME.test(name) || name.includes('..') || !VERSION.test(version)) {
    throw new ChartError(
      'Invalid',
      'spec.chart.name must be a plain chart name and spec.chart.version an exact version.',
    );
  }
}

async function locateInRegistry(
  { http, repository, limits }: Place,
  reference: ChartReference,
  rules: ChartFetchOptions,
): Promise<Located> {
  const found = await findRegistryChart(http, {
    repository,
    name: reference.name,
    // A tag cannot hold a plus sign; helm writes an underscore there.
    reference: reference.version.replace(/\+/g, '_'),
    credentials: rules.credentials,
    tokenHosts: rules.tokenHosts,
    ca: rules.ca,
    maxArchiveBytes: limits.archive,
    signal: rules.signal,
  });
  return {
    digest: found.archiveDigest,
    manifestDigest: found.manifestDigest,
    download: found.download,
  };
}

async function locateInIndex(
  { http, repository, limits }: Place,
  reference: ChartReference,
  rules: ChartFetchOptions,
): Promise<Located> {
  const base = new URL(`${repository.url.href.replace(/\/$/, '')}/`);
  const get = async (url: URL, maxBytes: number) => {
    const isOwn = url.host === base.host;
    const answer = await http.get({
      url,
      maxBytes,
      signal: rules.signal,
      ...(isOwn ? {} : { namedBy: base }),
      redirectHosts: [base.host, ...(rules.archiveHosts ?? [])],
      ...(isOwn ? { caFile: repository.caFile, ca: rules.ca } : {}),
      headers:
        isOwn && rules.credentials
          ? { authorization: basicAuthorization(rules.credentials) }
          : {},
    });
    return checkAnswer(answer.status, answer.body, url, reference);
  };
  const index = await get(new URL('index.yaml', base), limits.index);
  const entry = readIndexEntries(index.toString('utf8'), reference.name).find(
    it => sameVersion(it.version, reference.version),
  );
  const archive = entry ? URL.parse(entry.url, base) : null;
  if (!entry || !archive) {
    throw notFound(base, reference);
  }
  if (
    archive.host !== base.host &&
    !rules.archiveHosts?.includes(archive.host)
  ) {
    throw new ChartError(
      'NotAllowed',
      `The index of ${base.host} names an archive on ${archive.host}, which is not in lattice.charts.archiveHosts.`,
    );
  }
  return {
    ...(entry.digest && /^[0-9a-f]{64}$/.test(entry.digest)
      ? { digest: `sha256:${entry.digest}` }
      : {}),
    download: () => get(archive, limits.archive),
  };
}

function checkAnswer(
  status: number,
  body: Buffer,
  url: URL,
  reference: ChartReference,
): Buffer {
  if (status === 200) {
    return body;
  }
  if (status === 401 || status === 403) {
    throw new ChartError(
      'AuthFailed',
      `${url.host} does not let us read ${reference.name}. Check spec.chart.pullSecretRef.`,
    );
  }
  if (status === 404) {
    throw notFound(url, reference);
  }
  throw new ChartError(
    status === 429 ? 'Throttled' : 'Unreachable',
    `${url.host} answered ${status}. It is tried again.`,
  );
}

function notFound(url: URL, reference: ChartReference): ChartError {
  return new ChartError(
    'NotFound',
    `${url.host} has no chart ${reference.name} in version ${reference.version}. Check spec.chart.name and spec.chart.version.`,
  );
}

function sameVersion(left: string, right: string): boolean {
  return left.replace(/^v/, '') === right.replace(/^v/, '');
}

function checkPin(reference: ChartReference, located: Located): void {
  const { digest: pin } = reference;
  if (
    pin &&
    located.digest &&
    pin !== located.digest &&
    pin !== located.manifestDigest
  ) {
    throw new ChartError(
      'DigestMismatch',
      `Chart ${reference.name} ${
        reference.version
      } is not the pinned one: spec.chart.digest differs from ${
        located.manifestDigest ?? located.digest
      }.`,
    );
  }
}

async function load(
  cache: ChartCache,
  reference: ChartReference,
  located: Located,
): Promise<FetchedChart> {
  const cached = located.digest ? await cache.read(located.digest) : undefined;
  const bytes = cached ?? (await located.download());
  const digest = digestOf(bytes);
  checkPin(reference, { ...located, digest });
  if (located.digest && located.digest !== digest) {
    throw new ChartError(
      'DigestMismatch',
      `The archive of chart ${reference.name} does not match its digest.`,
    );
  }
  const archive = await readChartArchive(bytes);
  checkIdentity(reference, archive);
  if (!cached) {
    await cache.write(digest, bytes);
  }
  return {
    ...archive,
    path: cache.pathOf(digest),
    digest,
    ...(located.manifestDigest
      ? { manifestDigest: located.manifestDigest }
      : {}),
  };
}

function checkIdentity(
  reference: ChartReference,
  { metadata }: ChartArchive,
): void {
  if (
    metadata.name !== reference.name ||
    !sameVersion(metadata.version, reference.version)
  ) {
    throw new ChartError(
      'Invalid',
      `The archive says ${metadata.name} ${metadata.version}, not ${reference.name} ${reference.version}.`,
    );
  }
  if (metadata.type === 'library') {
    throw new ChartError(
      'Invalid',
      `Chart ${metadata.name} is a library: it installs nothing.`,
    );
  }
}
