import { PairFinding } from './checkPair';
import { PairTexts } from './pairManifests';
import { PAIR_FILES } from './types';

const PLACEHOLDER =
  /\bPLACEHOLDER\b|\bCHANGE_?ME\b|\bTODO\b|\$\{\{|<[A-Z][A-Z0-9_ -]+>/;

/** Finds lines that a template was meant to fill in and did not. Comments count too: they are read by reviewers. */
export function findPlaceholders(texts: PairTexts): PairFinding[] {
  const files: [string, string][] = [
    [PAIR_FILES.package, texts.package],
    [PAIR_FILES.member, texts.member],
  ];
  return files.flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index): PairFinding[] =>
      PLACEHOLDER.test(line)
        ? [
            {
              file,
              path: `line ${index + 1}`,
              severity: 'error',
              message: 'holds a placeholder that was not filled in',
            },
          ]
        : [],
    ),
  );
}
