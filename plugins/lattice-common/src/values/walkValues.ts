import { formatPath, PathSegment } from '../api/fieldPath';
import { isRecord, MAX_DEPTH } from '../api/json';
import { FieldProblem, JsonObject, JsonValue } from '../api/object';
import {
  parseDirectiveReference,
  parseTemplate,
  SecretReference,
  TemplatePart,
} from './references';

/** Key of an object that stands for the name of a Secret. */
export const DIRECTIVE_KEY = '$secret';

/** What to do at the places of a values tree that mean something. All paths begin with `spec.values`. */
export interface ValuesVisitor {
  /** A string with its parts; returns what stands there instead. */
  template(parts: readonly TemplatePart[], path: string): string;
  /** A `$secret` directive: Secret key -> reference; returns the Secret's name. */
  directive(
    entries: readonly (readonly [string, SecretReference])[],
    path: string,
  ): string;
  problem(problem: FieldProblem): void;
}

const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

function readDirective(
  value: Record<string, unknown>,
  path: string,
  visitor: ValuesVisitor,
): JsonValue {
  const report = (message: string) => visitor.problem({ path, message });
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
  const entries: [string, SecretReference][] = [];
  for (const [key, text] of Object.entries(directive)) {
    const reference =
      typeof text === 'string' ? parseDirectiveReference(text) : undefined;
    if (!reference || !SECRET_KEY.test(key)) {
      report(
        'each entry of a $secret directive is Secret key: "${resource.key}"; keys hold letters, digits, dot, dash and underscore',
      );
    } else {
      entries.push([key, reference]);
    }
  }
  return visitor.directive(entries, path);
}

function walk(
  value: unknown,
  path: readonly PathSegment[],
  visitor: ValuesVisitor,
): JsonValue {
  if (path.length > MAX_DEPTH) {
    visitor.problem({
      path: 'spec.values',
      message: `is nested deeper than ${MAX_DEPTH} levels`,
    });
    return null;
  }
  if (typeof value === 'string') {
    return visitor.template(parseTemplate(value), formatPath(path));
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => walk(item, [...path, index], visitor));
  }
  if (!isRecord(value)) {
    return value as JsonValue;
  }
  if (Object.hasOwn(value, DIRECTIVE_KEY)) {
    return readDirective(value, formatPath(path), visitor);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      walk(item, [...path, key], visitor),
    ]),
  );
}

/** Rebuilds a values tree through a visitor. The result is an object unless the root is a directive. */
export function walkValues(
  values: JsonObject,
  visitor: ValuesVisitor,
): JsonValue {
  return walk(values, ['spec', 'values'], visitor);
}
