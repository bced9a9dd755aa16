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
import {
  parsePath,
  PathSegment,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** One document of a file, with the way from its fields to its lines. */
export interface YamlDocument {
  readonly value: unknown;
  /** Line of a field, or of the closest field above it that exists. Begins at 1. */
  lineOf(path: string): number;
}

/** A file that is not YAML, and where. Holds no text of the file. */
export interface YamlFault {
  readonly line: number;
  readonly message: string;
}

/** Kubernetes and Helm read YAML 1.1, but neither its dates nor its base-60 numbers. */
const UNREAD_TAGS = ['tag:yaml.org,2002:timestamp'];
function isBase60(tag: object): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

const PARSE_OPTIONS = {
  version: '1.1',
  uniqueKeys: true,
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

function offsetOf(document: Document, segments: PathSegment[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
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

function asDocument(document: Document, lines: LineCounter): YamlDocument {
  return {
    value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown,
    lineOf: path => lines.linePos(offsetOf(document, parsePath(path))).line,
  };
}

/** Reads all documents of a file, as Kubernetes and Helm would read them. */
export function readYaml(text: string): {
  readonly documents: readonly YamlDocument[];
  readonly faults: readonly YamlFault[];
} {
  const lineCounter = new LineCounter();
  const documents: YamlDocument[] = [];
  const faults: YamlFault[] = [];
  const parsed = parseAllDocuments(text, {
    ...PARSE_OPTIONS,
    lineCounter,
  }) as Document[];
  for (const document of parsed) {
    const [error] = document.errors;
    if (error) {
      const { line } = lineCounter.linePos(error.pos[0]);
      faults.push({ line, message: `is not valid YAML (${error.code})` });
    } else {
      try {
        documents.push(asDocument(document, lineCounter));
      } catch {
        // The only way to fail here: too many aliases, or one that leads nowhere.
        const { line } = lineCounter.linePos(document.range?.[0] ?? 0);
        faults.push({
          line,
          message: 'uses YAML aliases that cannot be followed',
        });
      }
    }
  }
  return { documents, faults };
}
