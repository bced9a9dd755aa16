import { isRecord, MAX_DEPTH } from '../api/json';
import { JsonObject, JsonValue } from '../api/object';
import { parseTemplate } from './references';
import { secretForms } from './secretForms';

/** What stands in place of a secret. */
export const MASK = '(hidden)';

/** Keys that hold the name of a Secret, which is none. */
const NAMING_KEY = /^(existing|image|pull)/i;
const SENSITIVE_KEY =
  /pass(word|wd|phrase)?$|secret(key)?$|token$|api[-_]?key$|access[-_]?key$|private[-_]?key$|credentials?$|connection[-_]?string$|dsn$/i;

function soundsSecret(key: string): boolean {
  return SENSITIVE_KEY.test(key) && !NAMING_KEY.test(key);
}

/** Longer forms go first, so that a secret that holds another leaves no rest. */
function orderedForms(secrets: readonly string[]): string[] {
  return [...new Set(secrets.flatMap(secretForms))].sort(
    (a, b) => b.length - a.length,
  );
}

function maskWith(text: string, forms: readonly string[]): string {
  if (!forms.some(form => text.includes(form))) {
    return text;
  }
  const masked = forms.reduce(
    (rest, form) => rest.split(form).join(MASK),
    text,
  );
  if (!forms.some(form => masked.includes(form))) {
    return masked;
  }
  // A secret that is part of the mask, or came into being beside it: give up the text as a whole.
  return forms.some(form => MASK.includes(form)) ? '' : MASK;
}
/** The text without any of the secrets, in any of the forms in which they turn up. */
export function maskText(text: string, secrets: readonly string[]): string {
  return maskWith(text, orderedForms(secrets));
}

/** A string that only refers to secrets tells nothing and may be shown. */
function isReferenceOnly(text: string): boolean {
  return parseTemplate(text).every(part => part.kind !== 'text');
}

function maskScalar(
  value: JsonValue,
  isSensitive: boolean,
  forms: readonly string[],
): JsonValue {
  if (typeof value === 'string') {
    return isSensitive && !isReferenceOnly(value)
      ? maskWith(MASK, forms)
      : maskWith(value, forms);
  }
  const isHidden =
    value !== null && forms.some(form => String(value).includes(form));
  return isHidden ? maskWith(MASK, forms) : value;
}

function mask(
  value: JsonValue,
  isSensitive: boolean,
  forms: readonly string[],
  depth: number,
): JsonValue {
  if (depth > MAX_DEPTH) {
    return maskWith(MASK, forms);
  }
  if (Array.isArray(value)) {
    return value.map(item => mask(item, isSensitive, forms, depth + 1));
  }
  if (!isRecord(value)) {
    return maskScalar(value, isSensitive, forms);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      maskWith(key, forms),
      mask(item as JsonValue, soundsSecret(key), forms, depth + 1),
    ]),
  );
}

/**
 * The values as they may be shown: no string and no key holds one of `secrets`, and text written under a key
 * that sounds like a secret is hidden too. References such as `${resources.x.key}` stay visible.
 */
export function maskValues(
  values: JsonObject,
  secrets: readonly string[] = [],
): JsonObject {
  return mask(values, false, orderedForms(secrets), 0) as JsonObject;
}
