import { isRecord, MAX_DEPTH } from '../api/json';
import { FieldProblem, JsonObject, JsonValue } from '../api/object';
import { Place } from './place';
import {
  hasExpression,
  parseDirectiveEntry,
  parseTemplate,
  TemplatePart,
} from './references';

/** Key of an object that stands for the name of a Secret. */
export const DIRECTIVE_KEY = '$secret';

/** One key of the Secret that a `$secret` directive asks for, and the text that it shall hold. */
export interface WrittenEntry {
  readonly key: string;
  readonly parts: readonly TemplatePart[];
}

/** What to do at the places of a values tree that mean something. All paths begin with `spec.values`. */
export interface ValuesVisitor {
  /** A string that holds an expression or an escape, in its parts; returns what stands there instead. */
  template(parts: readonly TemplatePart[], place: Place): string;
  /** A `$secret` directive; returns the Secret's name. */
  directive(entries: readonly WrittenEntry[], place: Place): string;
  problem(problem: FieldProblem): void;
}

const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

function readEntry(key: string, text: unknown): WrittenEntry | undefined {
  if (typeof text !== 'string' || !SECRET_KEY.test(key)) {
    return undefined;
  }
  const parts = parseDirectiveEntry(text);
  return parts.some(({ kind }) => kind !== 'text') ? { key, parts } : undefined;
}

function readDirective(
  value: Record<string, unknown>,
  place: Place,
  visitor: ValuesVisitor,
): JsonValue {
  const report = (message: string) =>
    visitor.problem({ path: place.path, message });
  const directive = value[DIRECTIVE_KEY];
  if (Object.keys(value).length > 1) {
    report('a $secret directive stands alone: move the other keys away');
  }
  if (!isRecord(directive) || Object.keys(directive).length === 0) {
    report(
      'a $secret directive is an object of Secret key: "${resource.key}" with at least one entry',
    );
    return '';
  }
  const entries: WrittenEntry[] = [];
  for (const [key, text] of Object.entries(directive)) {
    const entry = readEntry(key, text);
    if (entry) {
      entries.push(entry);
    } else {
      report(
        'each entry of a $secret directive is Secret key: "${resource.key}", with or without text around it; keys hold letters, digits, dot, dash and underscore',
      );
    }
  }
  return visitor.directive(entries, place);
}

function walk(
  value: unknown,
  place: Place,
  depthLeft: number,
  visitor: ValuesVisitor,
): JsonValue {
  if (typeof value === 'string') {
    return hasExpression(value)
      ? visitor.template(parseTemplate(value), place)
      : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value as JsonValue;
  }
  if (depthLeft < 0) {
    visitor.problem({
      path: 'spec.values',
      message: `is nested deeper than ${MAX_DEPTH} levels`,
    });
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      walk(item, place.at(index), depthLeft - 1, visitor),
    );
  }
  if (Object.hasOwn(value, DIRECTIVE_KEY)) {
    return readDirective(value as Record<string, unknown>, place, visitor);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      walk(item, place.at(key), depthLeft - 1, visitor),
    ]),
  );
}

/** Rebuilds a values tree through a visitor. The result is an object unless the root is a directive. */
export function walkValues(
  values: JsonObject,
  visitor: ValuesVisitor,
): JsonValue {
  const root = Place.root('spec').at('values');
  return walk(values, root, MAX_DEPTH - 2, visitor);
}
