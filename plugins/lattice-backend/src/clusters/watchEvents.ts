import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { RequestSubject } from './ClusterError';
import { errorFromStatus, parseStatus, unreachable } from './translateFailure';

/** One event of a watch that concerns an object, or that only moves the version. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubernetesObject;
}

const eventTypes: ReadonlySet<unknown> = new Set([
  'ADDED',
  'MODIFIED',
  'DELETED',
  'BOOKMARK',
  'ERROR',
]);

interface RawEvent {
  readonly type?: unknown;
  readonly object?: Partial<KubernetesObject> | null;
}

/** No object is larger than etcd's limit; twice that is room enough for JSON's escapes. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/**
 * Splits the bytes of a watch into events, in order.
 *
 * @throws ClusterError with the server's own reason for an ERROR event (`Gone` for 410), `Unreachable` for a stream
 * that is cut within a line or that is not JSON.
 */
export async function* readWatchEvents(
  subject: RequestSubject,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') {
        yield parseEvent(subject, line);
      }
    }
    if (rest.length > MAX_LINE_LENGTH) {
      throw unreachable(subject, 'an event of the watch is too large');
    }
  }
  if (rest.trim() !== '') {
    throw unreachable(subject, 'the watch was cut within an event');
  }
}

function parseEvent(subject: RequestSubject, line: string): WatchEvent {
  const { type, object } = parseLine(subject, line) ?? {};
  if (!eventTypes.has(type) || typeof object !== 'object' || !object) {
    throw unreachable(subject, 'the watch sent something that is no event');
  }
  if (type === 'ERROR') {
    const status = parseStatus(object);
    throw errorFromStatus(subject, status, status?.code ?? 500);
  }
  const { name, resourceVersion } = object.metadata ?? {};
  if (!resourceVersion || (type !== 'BOOKMARK' && !name)) {
    throw unreachable(subject, 'the watch sent an object without metadata');
  }
  return { type, object } as WatchEvent;
}

function parseLine(subject: RequestSubject, line: string): RawEvent | null {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's message quotes the line.
    throw unreachable(subject, 'the watch sent invalid JSON');
  }
}
