import { isIpv4, isIpv6 } from './addresses';

/** A chart repository's address, taken apart; host and scheme in lower case, default port dropped. */
export interface RepositoryAddress {
  readonly scheme: 'oci' | 'https';
  readonly host: string;
  readonly port?: number;
  readonly segments: readonly string[];
}

const ADDRESS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/;
const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** A last label that browsers and curl take for a number, and the host with it for an address. */
const NUMERIC_END = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;
const AUTHORITY = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/;
const PORT = /^[1-9][0-9]{0,4}$/;
const SEGMENT = /^[A-Za-z0-9._~-]+$/;
const DEFAULT_PORT = 443;
const MAX_HOST = 253;

/** What is wrong with an address. */
export interface AddressProblem {
  readonly kind: 'scheme' | 'form';
  readonly message: string;
}

function form(message: string): AddressProblem {
  return { kind: 'form', message };
}

/** A host that every reader takes for the same one: `0x7f.1` and `2130706433` are addresses to some. */
function isPlainHost(host: string): boolean {
  if (host.startsWith('[')) {
    return isIpv6(host.slice(1, -1));
  }
  return (
    host.length <= MAX_HOST &&
    HOST_NAME.test(host) &&
    (!NUMERIC_END.test(host) || isIpv4(host))
  );
}

function readPort(
  text: string | undefined,
): number | undefined | AddressProblem {
  if (text === undefined) {
    return undefined;
  }
  if (!PORT.test(text) || Number(text) > 65535) {
    return form(
      'has a port that is not a number from 1 to 65535: write it plainly, or leave it out',
    );
  }
  return Number(text) === DEFAULT_PORT ? undefined : Number(text);
}

function readPath(path: string): string[] | AddressProblem {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  const segments = trimmed === '' ? [] : trimmed.split('/');
  if (segments.some(one => one === '.' || one === '..')) {
    return form('holds . or .. in its path: write the path out');
  }
  if (!segments.every(one => SEGMENT.test(one))) {
    return form(
      'has a path with empty parts or characters other than letters, digits, dot, dash, underscore and tilde: write it plainly, without query, fragment or percent signs',
    );
  }
  return segments;
}

function readAuthority(
  authority: string,
): { host: string; port?: number } | AddressProblem {
  if (authority.includes('@')) {
    return form(
      'holds a user name or password: remove it and use chart.pullSecretRef',
    );
  }
  const match = AUTHORITY.exec(authority);
  const host = (match?.[1] ?? '').toLowerCase();
  if (!isPlainHost(host)) {
    return form(
      'has no plain host name after ://: letters, digits, dots and dashes, or an address in its usual form; anything else leads different programs to different hosts',
    );
  }
  const port = readPort(match?.[2]);
  return typeof port === 'object' ? port : { host, port };
}

/** The address that was read last: several rules ask about the same one after the other. */
let last:
  | { text: string; read: RepositoryAddress | AddressProblem }
  | undefined;

/**
 * Reads a repository's address strictly: nothing that another reader could take for a different host or path
 * passes. Never repeats the address, which may hold a password.
 */
export function parseRepository(
  text: string,
): RepositoryAddress | AddressProblem {
  if (last?.text !== text) {
    last = { text, read: readRepository(text) };
  }
  return last.read;
}

function readRepository(text: string): RepositoryAddress | AddressProblem {
  const match = ADDRESS.exec(text);
  const scheme = match?.[1].toLowerCase();
  if (!match || (scheme !== 'oci' && scheme !== 'https')) {
    return {
      kind: 'scheme',
      message:
        'must begin with oci:// or https://: other protocols are not protected on the way',
    };
  }
  const authority = readAuthority(match[2]);
  if ('kind' in authority) {
    return authority;
  }
  const segments = readPath(match[3] ?? '');
  return 'kind' in segments ? segments : { scheme, ...authority, segments };
}

/** Whether the host is written in punycode: its letters may look like those of another host. */
export function isLookalike({ host }: RepositoryAddress): boolean {
  return host.split('.').some(label => label.startsWith('xn--'));
}

/** Whether one address is an entry of the allow list or lies below it, by whole path segments. */
export function coversRepository(
  entry: RepositoryAddress,
  address: RepositoryAddress,
): boolean {
  return (
    entry.scheme === address.scheme &&
    entry.host === address.host &&
    entry.port === address.port &&
    entry.segments.every((one, index) => one === address.segments[index])
  );
}

/** Allow lists seldom change and are asked for each object. */
const readEntries = new WeakMap<
  readonly string[],
  readonly RepositoryAddress[]
>();

function entriesOf(allowed: readonly string[]): readonly RepositoryAddress[] {
  let entries = readEntries.get(allowed);
  if (!entries) {
    entries = allowed.flatMap(entry => {
      const read = parseRepository(entry);
      return 'kind' in read ? [] : [read];
    });
    readEntries.set(allowed, entries);
  }
  return entries;
}

/** Whether an address is allowed by any entry of the list. Entries that cannot be read allow nothing. */
export function isAllowedRepository(
  repository: string,
  allowed: readonly string[],
): boolean {
  const address = parseRepository(repository);
  return (
    !('kind' in address) &&
    entriesOf(allowed).some(entry => coversRepository(entry, address))
  );
}
