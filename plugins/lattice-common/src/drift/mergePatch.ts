import { parse, stringify } from 'yaml';
import { isRecord } from '../api/json';
import { JsonObject, JsonValue } from '../api/object';
import { SuggestedPatch } from './types';

/** Applies a merge patch as RFC 7386 says: null takes away, objects are merged, everything else replaces. */
export function applyMergePatch(
  target: JsonValue | undefined,
  patch: JsonValue,
): JsonValue {
  if (!isRecord(patch)) {
    return patch;
  }
  const result = new Map<string, JsonValue>(
    isRecord(target) ? Object.entries(target as JsonObject) : [],
  );
  for (const [key, value] of Object.entries(patch as JsonObject)) {
    if (value === null) {
      result.delete(key);
    } else {
      result.set(key, applyMergePatch(result.get(key), value));
    }
  }
  return Object.fromEntries(result);
}

const YAML_VERSIONS = ['1.1', '1.2'] as const;

/** Whether every reader takes a text for the same: `yes` is a word in YAML 1.2 and true in what kubectl reads. */
function isReadAlike(text: string, meant: JsonValue): boolean {
  const wanted = JSON.stringify(meant);
  return YAML_VERSIONS.every(
    version => JSON.stringify(parse(text, { version })) === wanted,
  );
}

/** A suggested patch as the YAML that `kubectl patch --type merge --patch-file` or, for a new object, `apply` takes. */
export function formatPatch({ merge }: SuggestedPatch): string {
  const plain = stringify(merge, { version: '1.1' });
  return isReadAlike(plain, merge)
    ? plain
    : stringify(merge, { defaultStringType: 'QUOTE_DOUBLE' });
}
