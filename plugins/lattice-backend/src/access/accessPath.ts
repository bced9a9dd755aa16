/** A request's path, taken apart. */
export interface AccessPath {
  readonly nonce: string;
  /** Path and query for the API server. */
  readonly rest: string;
}

/**
 * Takes `/<nonce>/<path>` apart. Undefined for anything else: other forms of a request target, and paths that climb,
 * because the API server's own path (of a gateway in front of several clusters) must not be left.
 */
export function parseAccessPath(target: string): AccessPath | undefined {
  const match = /^\/([A-Za-z0-9_-]{43})(\/[^#]*)$/.exec(target);
  if (!match) {
    return undefined;
  }
  const [, nonce, rest] = match;
  const segments = rest.split('?', 1)[0].split('/');
  return segments.some(isClimbing) ? undefined : { nonce, rest };
}

function isClimbing(segment: string): boolean {
  const plain = segment.replace(/%2e/gi, '.');
  return plain === '.' || plain === '..' || /[\\]|%2f|%5c/i.test(plain);
}
