import {
  AdmissionRules,
  FieldProblem,
  ParseResult,
  Violation,
  checkMember,
  checkPackage,
  parseMember,
  parsePackage,
  kubernetesTags,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { parse } from 'yaml';
import { findSecretValues } from './findSecretValues';
import { PairTexts } from './pairManifests';
import { PAIR_FILES } from './types';

/** One thing that is wrong with a pair, and where. */
export interface PairFinding {
  readonly file: string;
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * Reads both files back as the controllers will and asks the same rules that the webhook asks. What it finds is found
 * before a pull request exists.
 */
export function checkPair(
  texts: PairTexts,
  rules: AdmissionRules,
): PairFinding[] {
  return [
    ...checkText(PAIR_FILES.package, texts.package, parsePackage, value => [
      ...checkPackage(value, rules),
      ...findSecretValues(value.spec.values, 'spec.values').map(asViolation),
    ]),
    ...checkText(PAIR_FILES.member, texts.member, parseMember, value =>
      checkMember(value, rules),
    ),
  ];
}

/** Findings as lines for a person, one each. */
export function formatFindings(findings: readonly PairFinding[]): string {
  return findings
    .map(({ file, path, message }) => `- ${file}, ${path}: ${message}`)
    .join('\n');
}

function checkText<T>(
  file: string,
  text: string,
  read: (raw: unknown) => ParseResult<T>,
  check: (
    value: T,
  ) => readonly Pick<Violation, 'path' | 'message' | 'severity'>[],
): PairFinding[] {
  const parsed = read(
    parse(text, { version: '1.1', customTags: kubernetesTags }),
  );
  const found = parsed.ok
    ? check(parsed.value)
    : parsed.problems.map(asViolation);
  return found.map(({ path, message, severity }) => ({
    file,
    path,
    severity,
    message,
  }));
}

function asViolation(problem: FieldProblem) {
  return { ...problem, severity: 'error' as const };
}
