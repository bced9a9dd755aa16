/** One step of a path: an object's key or a list's index. */
export type PathSegment = string | number;

const PLAIN_KEY = /^[A-Za-z0-9_$-]+$/;
const STEP = /^(?:\.?([A-Za-z0-9_$-]+)|\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\])/;

/**
 * `spec.ports[0].port`; a key that holds other characters stands as `["a.b"]`.
 * {@link parsePath} reads it back.
 */
export function formatPath(segments: readonly PathSegment[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === 'number') {
      return `${path}[${segment}]`;
    }
    if (!PLAIN_KEY.test(segment)) {
      return `${path}[${JSON.stringify(segment)}]`;
    }
    return path === '' ? segment : `${path}.${segment}`;
  }, '');
}

/** Takes a path of {@link formatPath} apart; stops at the first part that it cannot read. */
export function parsePath(path: string): PathSegment[] {
  const segments: PathSegment[] = [];
  let rest = path;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (!match) {
      break;
    }
    const [whole, key, index, quoted] = match;
    if (index !== undefined) {
      segments.push(Number(index));
    } else if (quoted !== undefined) {
      segments.push(JSON.parse(`"${quoted}"`) as string);
    } else {
      segments.push(key);
    }
    rest = rest.slice(whole.length);
  }
  return segments;
}
