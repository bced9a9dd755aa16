import { KubernetesObject } from '../api/object';

const SERVER_METADATA = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

/**
 * Whether a live object is, as a whole, what was compiled: not only its rules but any field, label, annotation or
 * owner that somebody has added. Only what the server itself keeps is left out.
 */
export function isSamePolicy(
  wanted: KubernetesObject,
  live: KubernetesObject,
): boolean {
  return isEqualJson(withoutServerFields(wanted), withoutServerFields(live));
}

function withoutServerFields(object: KubernetesObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(
    ([field]) => !SERVER_METADATA.includes(field),
  );
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** Deep equality of JSON values; the order of keys does not matter, an absent key equals `undefined`. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => isEqualJson(item, b[index]))
    );
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => isEqualJson(a[key], b[key]));
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
