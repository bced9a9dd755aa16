import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Node,
  parseAllDocuments,
  Tags,
} from 'yaml';
import { PathSegment } from '@lattice-portal/backstage-plugin-lattice-common';
import { findRepeatedKey } from './findRepeatedKey';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One document of a file, with the way from its fields to their places. */
export interface YamlDocument {
  readonly value: unknown;
  /** Place of a field, or of the closest field above it that exists. */
  positionOf(segments: readonly PathSegment[]): Position;
}

/** A text that is not YAML, and where. Holds nothing of the text. */
export interface YamlFault extends Position {
  readonly message: string;
}

/** What a text holds. A document with a fault has no value, but counts. */
export interface YamlText {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly YamlFault[];
}

/** Kubernetes and Helm read YAML 1.1, but neither its dates nor its base-60 numbers. */
const UNREAD_TAGS = ['tag:yaml.org,2002:timestamp'];
function isBase60(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

const PARSE_OPTIONS = {
  version: '1.1',
  // The library's own check compares each key with every other one.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: (tags: Tags): Tags =>
    tags.filter(
      tag =>
        typeof tag === 'string' ||
        !(UNREAD_TAGS.includes(tag.tag) || isBase60(tag)),
    ),
} as const;

const MAX_ALIASES = 100;

const FAULTS = {
  alias: 'uses YAML aliases that cannot be followed',
  directive:
    'has a %YAML line, which Kubernetes does not read: take the line out',
  repeatedKey: 'is not valid YAML (a key stands twice in one object)',
  depth: 'is not valid YAML (it is nested too deeply)',
} as const;

interface Place {
  readonly offset: number;
  readonly node: unknown;
}

function childOf(node: unknown, segment: PathSegment): Place | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      ({ key }) => isScalar(key) && String(key.value) === String(segment),
    );
    const offset = (pair?.key as Node | undefined)?.range?.[0];
    return pair && offset !== undefined
      ? { offset, node: pair.value }
      : undefined;
  }
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment] as Node | undefined;
    return item?.range ? { offset: item.range[0], node: item } : undefined;
  }
  return undefined;
}

function startOf(document: Document): number {
  return document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
}

function offsetOf(
  document: Document,
  segments: readonly PathSegment[],
): number {
  let node: unknown = document.contents;
  let offset = startOf(document);
  for (const segment of segments) {
    const target = isAlias(node) ? node.resolve(document) : node;
    const child = childOf(target, segment);
    if (!child) {
      break;
    }
    ({ offset, node } = child);
  }
  return offset;
}

type Reading =
  | { readonly value: unknown }
  | { readonly offset: number; readonly fault: string };

function readDocument(document: Document): Reading {
  const [error] = document.errors;
  if (error) {
    return {
      offset: error.pos[0],
      fault: `is not valid YAML (${error.code})`,
    };
  }
  if (document.directives?.yaml.explicit) {
    return { offset: startOf(document), fault: FAULTS.directive };
  }
  const repeated = findRepeatedKey(document.contents);
  if (repeated !== undefined) {
    return { offset: repeated, fault: FAULTS.repeatedKey };
  }
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch {
    // The only ways to fail here: too many aliases, or one that leads nowhere.
    return { offset: startOf(document), fault: FAULTS.alias };
  }
}

function parse(text: string, lineCounter: LineCounter): Document[] | undefined {
  try {
    return parseAllDocuments(text, {
      ...PARSE_OPTIONS,
      lineCounter,
    }) as Document[];
  } catch {
    // The library reports every error of the text as a value; what is thrown is the end of the stack.
    return undefined;
  }
}

/** Reads all documents of a text, as Kubernetes and Helm would read them. Never throws. */
export function readYaml(text: string): YamlText {
  const lineCounter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const parsed = parse(text, lineCounter);
  if (!parsed) {
    return {
      documents: [],
      faults: [{ line: 1, column: 1, message: FAULTS.depth }],
    };
  }
  const faults: YamlFault[] = [];
  const documents = parsed.map((document): YamlDocument => {
    const reading = readDocument(document);
    if ('fault' in reading) {
      faults.push({ ...at(reading.offset), message: reading.fault });
    }
    return {
      value: 'value' in reading ? reading.value : undefined,
      positionOf: segments => at(offsetOf(document, segments)),
    };
  });
  return { documents, faults };
}
