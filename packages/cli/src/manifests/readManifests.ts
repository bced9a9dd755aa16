import { readFileSync } from 'node:fs';
import {
  CedarPolicy,
  FieldProblem,
  findUnknownFields,
  LatticeMember,
  LatticePackage,
  ParseResult,
  parseMember,
  parsePackage,
  parsePolicy,
  parseService,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeObject, Finding } from '../finding';
import { findFiles } from './findFiles';
import { readYaml, YamlDocument } from './readYaml';

/** Where an object stands. */
export interface Source {
  readonly file: string;
  lineOf(path: string): number;
}

/** An object with the place where it stands. */
export interface Located<T> {
  readonly object: T;
  readonly source: Source;
}

/** Everything of ours in a set of files, and what could not be read. */
export interface Manifests {
  readonly packages: readonly Located<LatticePackage>[];
  readonly members: readonly Located<LatticeMember>[];
  readonly policies: readonly Located<CedarPolicy>[];
  readonly findings: readonly Finding[];
}

interface RawObject {
  readonly raw: Record<string, unknown>;
  readonly kind: string;
  readonly source: Source;
}

const OUR_KINDS = [
  'LatticePackage',
  'LatticeMeshMember',
  'LatticeService',
  'CedarPolicy',
];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOurs(raw: Record<string, unknown>): boolean {
  const { apiVersion, kind } = raw;
  return (
    OUR_KINDS.includes(String(kind)) &&
    (typeof apiVersion !== 'string' || apiVersion.startsWith('lattice.dev/'))
  );
}

/** The objects of a document: itself, or the items of a List. */
function objectsOf(document: YamlDocument, file: string): RawObject[] {
  const { value } = document;
  if (!isRecord(value)) {
    return [];
  }
  const isList = value.kind === 'List' && Array.isArray(value.items);
  const items: unknown[] = isList ? (value.items as unknown[]) : [value];
  return items.flatMap((raw, index) => {
    if (!isRecord(raw) || !isOurs(raw)) {
      return [];
    }
    const prefix = isList ? `items[${index}]` : '';
    const lineOf = (path: string) =>
      document.lineOf(prefix && path ? `${prefix}.${path}` : prefix + path);
    return [{ raw, kind: String(raw.kind), source: { file, lineOf } }];
  });
}

function readFile(path: string, isNamed: boolean) {
  const text = readFileSync(path, 'utf8');
  const { documents, faults } = readYaml(text);
  // A folder may hold templates and other files that are none of our business.
  const isOurBusiness = isNamed || text.includes('lattice.dev/');
  return {
    objects: documents.flatMap(document => objectsOf(document, path)),
    findings: (isOurBusiness ? faults : []).map(
      (fault): Finding => ({
        rule: 'yaml',
        severity: 'error',
        file: path,
        line: fault.line,
        object: '',
        path: '',
        message: fault.message,
      }),
    ),
  };
}

function nameOf({ raw, kind }: RawObject): string {
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  const text = (value: unknown) =>
    typeof value === 'string' ? value : undefined;
  return describeObject(kind, {
    namespace: text(metadata.namespace),
    name: text(metadata.name),
  });
}

function asFindings(
  object: RawObject,
  problems: readonly FieldProblem[],
  kind: Pick<Finding, 'rule' | 'severity'>,
): Finding[] {
  return problems.map(({ path, message }) => ({
    ...kind,
    file: object.source.file,
    line: object.source.lineOf(path),
    object: nameOf(object),
    path,
    message,
  }));
}

class Reader {
  readonly packages: Located<LatticePackage>[] = [];
  readonly members: Located<LatticeMember>[] = [];
  readonly policies: Located<CedarPolicy>[] = [];
  readonly findings: Finding[] = [];
  private readonly seen = new Set<string>();

  read(object: RawObject): void {
    this.noteRepetition(object);
    this.findings.push(
      ...asFindings(object, findUnknownFields(object.kind, object.raw), {
        rule: 'unknown-field',
        severity: 'warning',
      }),
    );
    if (object.raw.apiVersion === undefined) {
      this.refuse(object, [{ path: 'apiVersion', message: 'is required' }]);
    }
    switch (object.kind) {
      case 'LatticePackage':
        return this.keep(object, parsePackage(object.raw), this.packages);
      case 'LatticeMeshMember':
        return this.keep(object, parseMember(object.raw), this.members);
      case 'LatticeService':
        return this.keep(object, parseService(object.raw), this.members);
      default:
        return this.keep(object, parsePolicy(object.raw), this.policies);
    }
  }

  private noteRepetition(object: RawObject): void {
    const name = nameOf(object);
    if (this.seen.has(name)) {
      this.findings.push(
        ...asFindings(
          object,
          [
            {
              path: 'metadata.name',
              message:
                'is declared twice, so the last one applied would win: keep one',
            },
          ],
          { rule: 'duplicate-object', severity: 'error' },
        ),
      );
    }
    this.seen.add(name);
  }

  private refuse(object: RawObject, problems: readonly FieldProblem[]): void {
    this.findings.push(
      ...asFindings(object, problems, { rule: 'schema', severity: 'error' }),
    );
  }

  private keep<T>(
    object: RawObject,
    result: ParseResult<T>,
    into: Located<T>[],
  ): void {
    if (result.ok) {
      into.push({ object: result.value, source: object.source });
    } else {
      this.refuse(object, result.problems);
    }
  }
}

/** Reads everything of ours at these paths. One object that cannot be read never hides the others. */
export function readManifests(paths: readonly string[]): Manifests {
  const reader = new Reader();
  for (const { path, isNamed } of findFiles(paths)) {
    const { objects, findings } = readFile(path, isNamed);
    reader.findings.push(...findings);
    objects.forEach(object => reader.read(object));
  }
  return reader;
}
