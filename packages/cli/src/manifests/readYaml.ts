import { Document, LineCounter, parseAllDocuments } from 'yaml';
import {
  kubernetesTags,
  TextPosition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { findRepeatedKey } from './findRepeatedKey';

/** A text that is not YAML, and where. Holds nothing of the text. */
export interface YamlFault extends TextPosition {
  readonly message: string;
}

/** What a text holds. */
export interface YamlText {
  /** The value of each document; `undefined` for one with a fault. */
  readonly documents: readonly unknown[];
  readonly faults: readonly YamlFault[];
}

const PARSE_OPTIONS = {
  version: '1.1',
  // The library's own check compares each key with every other one.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  customTags: kubernetesTags,
} as const;

const MAX_ALIASES = 100;

const FAULTS = {
  alias: 'uses YAML aliases that cannot be followed',
  directive:
    'asks for another YAML than 1.1, which Kubernetes does not read: take the %YAML line out',
  repeatedKey: 'is not valid YAML (a key stands twice in one object)',
  depth: 'is not valid YAML (it is nested too deeply)',
} as const;

function startOf(document: Document): number {
  return document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
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
  const { explicit, version } = document.directives?.yaml ?? {};
  if (explicit && version !== '1.1') {
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
  const at = (offset: number): TextPosition => {
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
  const documents = parsed.map(document => {
    const reading = readDocument(document);
    if ('fault' in reading) {
      faults.push({ ...at(reading.offset), message: reading.fault });
      return undefined;
    }
    return reading.value;
  });
  return { documents, faults };
}
