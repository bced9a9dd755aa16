/** A plain object, neither list nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nesting beyond which an object is refused rather than walked. */
export const MAX_DEPTH = 100;

/**
 * The same tree without nulls in objects, as the API server treats an explicit null of an optional field.
 * Keys named in `keep` are copied as they are: there a null means something.
 */
export function withoutNulls(
  value: unknown,
  keep: readonly string[],
  depth = 0,
): unknown {
  if (depth > MAX_DEPTH) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(item => withoutNulls(item, keep, depth + 1));
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== null || keep.includes(key))
      .map(([key, item]) => [
        key,
        keep.includes(key) ? item : withoutNulls(item, keep, depth + 1),
      ]),
  );
}
