import {
  FieldLocator,
  formatPath,
  locateFields,
  parsePath,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { fileRuleLink } from './fileRules';
import { Finding } from './Finding';
import { ManifestFile, Remark, Source, Spot } from './Remark';

type LocatorOf = (file: ManifestFile) => FieldLocator;

/** Keeps the locator of one file: remarks come file by file. */
function lastFileRead(): LocatorOf {
  let last: { file: ManifestFile; locator: FieldLocator } | undefined;
  return file => {
    if (file !== last?.file) {
      last = { file, locator: locateFields(file.text) };
    }
    return last.locator;
  };
}

function spotOf(
  { file, document, prefix }: Source,
  path: string,
  locatorOf: LocatorOf,
): Spot {
  const whole = formatPath([...prefix, ...parsePath(path)]);
  return {
    file: file.name,
    ...locatorOf(file).positionOf(whole, document),
  };
}

function fileOf({ at }: Remark): string {
  return 'line' in at ? at.file : at.file.name;
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
  const locatorOf = lastFileRead();
  return [...remarks]
    .sort(byFile)
    .map(({ at, ...remark }): Finding => {
      const spot =
        'line' in at
          ? { file: at.file, line: at.line, column: at.column }
          : spotOf(at, remark.path, locatorOf);
      const { rule, severity, object, path, message } = remark;
      const link = remark.link ?? fileRuleLink(rule);
      return { rule, severity, ...spot, object, path, message, link };
    })
    .sort(byPlace);
}
