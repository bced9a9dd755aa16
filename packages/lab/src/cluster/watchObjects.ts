import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesClient, KubernetesObject } from './KubernetesClient.ts';

/** What happens to an object; a relist reports every object as present. */
export type ObjectEvent<T> = { type: 'present' | 'gone'; object: T };

/** What is watched and who is told. */
export type WatchOptions<T> = {
  client: KubernetesClient;
  path: string;
  query?: Record<string, string>;
  signal: AbortSignal;
  onEvent: (event: ObjectEvent<T>) => void;
  /** Called after each complete list. */
  onListed?: () => void;
  onError: (error: unknown) => void;
};

const RETRY_MS = 1_000;

type WatchLine<T> = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
};

/**
 * Lists and watches until the signal aborts. Whenever the watch ends, for whatever reason, it lists again, and reports
 * what has gone meanwhile.
 */
export async function watchObjects<T extends KubernetesObject>(
  options: WatchOptions<T>,
): Promise<void> {
  const known = new Map<string, T>();
  while (!options.signal.aborted) {
    try {
      await listAndWatch(options, known);
    } catch (error) {
      if (!options.signal.aborted) {
        options.onError(error);
        await delay(RETRY_MS, undefined, { signal: options.signal }).catch(
          () => {},
        );
      }
    }
  }
}

async function listAndWatch<T extends KubernetesObject>(
  options: WatchOptions<T>,
  known: Map<string, T>,
): Promise<void> {
  const { client, path, query = {}, signal, onEvent, onListed } = options;
  const list = await client.call<{
    metadata: { resourceVersion: string };
    items: T[];
  }>('GET', path, { query });
  const listed = new Set(list.items.map(keyOf));
  for (const [key, object] of known) {
    if (!listed.has(key)) {
      known.delete(key);
      onEvent({ type: 'gone', object });
    }
  }
  for (const object of list.items) {
    known.set(keyOf(object), object);
    onEvent({ type: 'present', object });
  }
  onListed?.();
  const { resourceVersion } = list.metadata;
  for await (const { type, object } of lines<WatchLine<T>>(
    await client.watch(path, { ...query, resourceVersion }, signal),
  )) {
    if (type === 'ERROR') {
      return;
    }
    if (type === 'DELETED') {
      known.delete(keyOf(object));
      onEvent({ type: 'gone', object });
    } else if (type !== 'BOOKMARK') {
      known.set(keyOf(object), object);
      onEvent({ type: 'present', object });
    }
  }
}

async function* lines<T>(chunks: AsyncIterable<Buffer>): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield JSON.parse(part) as T;
    }
  }
}

/** `namespace/name` of an object. */
export function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
