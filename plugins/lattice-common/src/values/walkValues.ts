import { PathSegment } from '../api/fieldPath';
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
  /** Visit the keys of objects in alphabetical order instead of the written one. */
  readonly isSorted?: boolean;
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

/** Sets a key of its own, whatever JavaScript makes of its name. */
function setKey(target: JsonObject, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

class Walk {
  constructor(private readonly visitor: ValuesVisitor) {}

  /** What stands at a step below a place. Most of it is plain and is left alone. */
  step(
    value: unknown,
    segment: PathSegment,
    parent: Place,
    depthLeft: number,
  ): JsonValue {
    if (typeof value === 'string') {
      return hasExpression(value)
        ? this.visitor.template(parseTemplate(value), parent.at(segment))
        : value;
    }
    return typeof value === 'object' && value !== null
      ? this.branch(value, parent.at(segment), depthLeft)
      : (value as JsonValue);
  }

  branch(value: object, place: Place, depthLeft: number): JsonValue {
    if (depthLeft < 0) {
      this.visitor.problem({
        path: 'spec.values',
        message: `is nested deeper than ${MAX_DEPTH} levels`,
      });
      return null;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) =>
        this.step(item, index, place, depthLeft - 1),
      );
    }
    const record = value as Record<string, unknown>;
    if (Object.hasOwn(record, DIRECTIVE_KEY)) {
      return readDirective(record, place, this.visitor);
    }
    const result: JsonObject = {};
    const keys = Object.keys(record);
    for (const key of this.visitor.isSorted ? keys.sort() : keys) {
      setKey(result, key, this.step(record[key], key, place, depthLeft - 1));
    }
    return result;
  }
}

/** Rebuilds a values tree through a visitor. The result is an object unless the root is a directive. */
export function walkValues(
  values: JsonObject,
  visitor: ValuesVisitor,
): JsonValue {
  const root = Place.root('spec').at('values');
  return new Walk(visitor).branch(values, root, MAX_DEPTH - 2);
}
