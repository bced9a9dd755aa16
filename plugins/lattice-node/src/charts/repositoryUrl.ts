import { ChartError } from './chartErrors';

/** A repository that is replaced by another place, for example a registry inside the company. */
export interface ChartMirror {
  /** Prefix of repositories, matched by whole path segments. */
  readonly from: string;
  readonly to: string;
  /** PEM file with the authorities to trust for this mirror, in place of the system's. */
  readonly caFile?: string;
  /** Whether the mirror may see the login and authorities that a package names for the repository. Default: false. */
  readonly passLogin?: boolean;
}

/** A repository as it will be asked. */
export interface ResolvedRepository {
  readonly protocol: 'oci' | 'https';
  /** `https:` URL without trailing slash. */
  readonly url: URL;
  readonly caFile?: string;
  /** Whether what a package names for its repository (login, authorities) is meant for this host. */
  readonly takesLogin: boolean;
}

/** Reads an `oci://` or `https://` repository; refuses user names, queries and paths that climb. */
export function parseRepository(text: string): ResolvedRepository {
  const match = /^(oci|https):\/\/(.+)$/i.exec(text);
  const url = match ? URL.parse(`https://${match[2]}`) : null;
  const rawPath = match ? match[2].split('/').slice(1) : [];
  if (
    !match ||
    !url ||
    url.username ||
    url.password ||
    url.search ||
    url.hash ||
    /[\\%\s]/.test(text) ||
    rawPath.some(it => it === '..' || it === '.')
  ) {
    throw new ChartError(
      'NotAllowed',
      'spec.chart.repository must be an oci:// or https:// URL without user, query or dots in its path.',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  const protocol = match[1].toLowerCase() as 'oci' | 'https';
  return { protocol, url, takesLogin: true };
}

/** Whether `prefix` covers `repository`: same protocol and host with port, and the path begins with its whole segments. */
export function coversRepository(prefix: string, repository: string): boolean {
  const outer = parseRepository(prefix);
  const inner = parseRepository(repository);
  return (
    outer.protocol === inner.protocol &&
    outer.url.host === inner.url.host &&
    segmentsOf(outer).every((it, index) => it === segmentsOf(inner)[index])
  );
}

function segmentsOf(repository: ResolvedRepository): string[] {
  return repository.url.pathname.split('/').filter(Boolean);
}

/** Checks the allowlist first and only then replaces the place by its mirror. */
export function resolveRepository(
  repository: string,
  allowedRepositories: readonly string[],
  mirrors: readonly ChartMirror[],
): ResolvedRepository {
  if (!allowedRepositories.some(it => coversRepository(it, repository))) {
    throw new ChartError(
      'NotAllowed',
      `Repository ${repository} is not in lattice.charts.allowedRepositories.`,
    );
  }
  const mirror = mirrors
    .filter(it => coversRepository(it.from, repository))
    .sort((left, right) => right.from.length - left.from.length)[0];
  if (!mirror) {
    return parseRepository(repository);
  }
  const from = parseRepository(mirror.from);
  const wanted = parseRepository(repository);
  const to = parseRepository(mirror.to);
  const rest = segmentsOf(wanted).slice(segmentsOf(from).length);
  const url = new URL(to.url);
  url.pathname = [...segmentsOf(to), ...rest].map(it => `/${it}`).join('');
  return {
    protocol: to.protocol,
    url,
    takesLogin: mirror.passLogin ?? false,
    ...(mirror.caFile ? { caFile: mirror.caFile } : {}),
  };
}
