/** A plain object, neither list nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nesting beyond which an object is refused rather than walked. */
export const MAX_DEPTH = 100;

/** Whether a tree holds a null that {@link withoutNulls} would take out. Looks without copying anything. */
function holdsNull(
  value: unknown,
  keep: readonly string[],
  depth: number,
): boolean {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.some(item => holdsNull(item, keep, depth + 1));
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const item = record[key];
    // Text and numbers, which most fields hold, need no look at the list.
    if (typeof item === 'object' && !keep.includes(key)) {
      if (item === null || holdsNull(item, keep, depth + 1)) {
        return true;
      }
    }
  }
  return false;
}

function copyWithoutNulls(
  value: unknown,
  keep: readonly string[],
  depth: number,
): unknown {
  if (depth > MAX_DEPTH) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(item => copyWithoutNulls(item, keep, depth + 1));
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== null || keep.includes(key))
      .map(([key, item]) => [
        key,
        keep.includes(key) ? item : copyWithoutNulls(item, keep, depth + 1),
      ]),
  );
}

/**
 * The same tree without nulls in objects, as the API server treats an explicit null of an optional field.
 * Keys named in `keep` are left as they are: there a null means something. Most trees hold none and are not copied.
 */
export function withoutNulls(value: unknown, keep: readonly string[]): unknown {
  return holdsNull(value, keep, 0) ? copyWithoutNulls(value, keep, 0) : value;
}
