import {
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Node,
  parseAllDocuments,
} from 'yaml';
import { parsePath, PathSegment } from './fieldPath';

/** Line and column of a text, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

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
  const item =
    isSeq(node) && typeof segment === 'number'
      ? (node.items[segment] as Node | null | undefined)
      : undefined;
  return item?.range ? { offset: item.range[0], node: item } : undefined;
}

function offsetOf(document: Document, path: readonly PathSegment[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
  for (const segment of path) {
    const child = childOf(
      isAlias(node) ? node.resolve(document) : node,
      segment,
    );
    if (!child) {
      break;
    }
    ({ offset, node } = child);
  }
  return offset;
}

/** Finds fields in one text. Made once for a text, asked for each finding. */
export interface FieldLocator {
  /**
   * Where a field stands, by the path of a problem or violation; else where the closest field above it stands.
   * Documents of a text count from 0.
   */
  positionOf(path: string, document?: number): TextPosition;
}

/** The start of a text, where nothing better is known. */
const START: TextPosition = { line: 1, column: 1 };

function readDocuments(text: string, lines: LineCounter): Document[] {
  try {
    return parseAllDocuments(text, {
      version: '1.1',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    }) as Document[];
  } catch {
    // What is thrown is the end of the stack; every error of the text itself is a value.
    return [];
  }
}

/** Leads from the paths of problems and violations to lines and columns of the YAML or JSON they came from. Never throws. */
export function locateFields(text: string): FieldLocator {
  const lines = new LineCounter();
  const documents = readDocuments(text, lines);
  return {
    positionOf: (path, document = 0) => {
      const found = documents[document];
      if (!found) {
        return START;
      }
      const { line, col } = lines.linePos(offsetOf(found, parsePath(path)));
      return line > 0 ? { line, column: col } : START;
    },
  };
}
