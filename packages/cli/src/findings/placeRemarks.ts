import { parsePath } from '@lattice-portal/backstage-plugin-lattice-common';
import { readYaml, YamlDocument } from '../manifests/readYaml';
import { Finding } from './Finding';
import { fileRuleLink } from './fileRules';
import { ManifestFile, Remark, Source } from './Remark';

type DocumentsOf = (file: ManifestFile) => readonly YamlDocument[];

/** Keeps the trees of one file: remarks come file by file. */
function lastFileRead(): DocumentsOf {
  let last: ManifestFile | undefined;
  let documents: readonly YamlDocument[] = [];
  return file => {
    if (file !== last) {
      last = file;
      ({ documents } = readYaml(file.text));
    }
    return documents;
  };
}

function spotOf(source: Source, path: string, documentsOf: DocumentsOf) {
  const document = documentsOf(source.file)[source.document];
  return {
    file: source.file.name,
    ...document.positionOf([...source.prefix, ...parsePath(path)]),
  };
}

function fileOf({ at }: Remark): string {
  return typeof at.file === 'string' ? at.file : at.file.name;
}

function byFile(a: Remark, b: Remark): number {
  return compareTexts(fileOf(a), fileOf(b));
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

function byPlace(a: Finding, b: Finding): number {
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** Looks up line and column of every remark, and sorts by them. Files are read again, each at most once. */
export function placeRemarks(remarks: readonly Remark[]): Finding[] {
  const documentsOf = lastFileRead();
  return [...remarks]
    .sort(byFile)
    .map(({ at, ...remark }): Finding => {
      const spot =
        typeof at.file === 'string'
          ? { file: at.file, line: at.line, column: at.column }
          : spotOf(at as Source, remark.path, documentsOf);
      const { rule, severity, object, path, message } = remark;
      const link = remark.link ?? fileRuleLink(rule);
      return { rule, severity, ...spot, object, path, message, link };
    })
    .sort(byPlace);
}
