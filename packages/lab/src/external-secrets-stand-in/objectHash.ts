import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../cluster/KubernetesClient.ts';

/** The operator's hash of a text: SHA3-224, hex. */
export function sha3(text: string): string {
  return createHash('sha3-224').update(text).digest('hex');
}

/** How Go prints a map of strings with `%+v`: keys sorted by their bytes. */
function goMap(map: Record<string, string>): string {
  const keys = Object.keys(map).sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return `map[${keys.map(key => `${key}:${map[key]}`).join(' ')}]`;
}

/** `status.syncedResourceVersion` of a fully synced object: its generation and a hash of its labels and annotations. */
export function syncedResourceVersion({ metadata }: KubernetesObject): string {
  const { generation = 0, annotations = {}, labels = {} } = metadata;
  const hash = sha3(
    `{annotations:${goMap(annotations)} labels:${goMap(labels)}}`,
  );
  return `${generation}-${hash}`;
}

/** Hash of a Secret's data (base64 as it travels), kept in an annotation to notice changes by others. */
export function dataHash(data: Record<string, string>): string {
  const decimals = Object.fromEntries(
    Object.entries(data).map(([key, base64]) => [
      key,
      `[${[...Buffer.from(base64, 'base64')].join(' ')}]`,
    ]),
  );
  return sha3(goMap(decimals));
}
