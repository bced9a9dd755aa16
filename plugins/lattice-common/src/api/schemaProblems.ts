import { z } from 'zod/v4';
import { formatPath, PathSegment } from './fieldPath';
import { FieldProblem } from './object';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function asSegments(path: Path): PathSegment[] {
  return path.map(step => (typeof step === 'number' ? step : String(step)));
}

/** The branch of a union that fits best is the one that fails deepest. */
function bestBranch(errors: readonly Issue[][]): Issue[] {
  const depthOf = (issues: Issue[]) =>
    Math.min(...issues.map(issue => issue.path.length));
  return [...errors].sort((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
}

function flatten(issue: Issue, prefix: Path): { issue: Issue; path: Path }[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union') {
    return [{ issue, path }];
  }
  const best = bestBranch(issue.errors);
  return best.some(inner => inner.path.length > 0)
    ? best.flatMap(inner => flatten(inner, path))
    : [{ issue, path }];
}

const EXPECTED: Record<string, string> = {
  string: 'a string; put it in quotes',
  record: 'an object',
  object: 'an object',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

type SizeIssue = Extract<Issue, { code: 'too_small' | 'too_big' }>;

function describeSize(issue: SizeIssue): string {
  const unit = { string: 'characters', array: 'entries' }[
    issue.origin as string
  ];
  if (issue.code === 'too_small') {
    return unit ? 'must not be empty' : `must be at least ${issue.minimum}`;
  }
  return unit
    ? `must have at most ${issue.maximum} ${unit}`
    : `must be at most ${issue.maximum}`;
}

/** Says what to do, and never what the value was: it may be a secret. */
function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return describeSize(issue);
    case 'invalid_format':
      return issue.message;
    case 'invalid_key':
      return 'has a key that is too long';
    case 'invalid_union':
      return 'has a form that is not known here; see the field in the reference';
    default:
      return 'is not valid';
  }
}

/**
 * Turns the outcome of a schema into problems with paths in the shape that the user wrote.
 * No message holds a value.
 */
export function schemaProblems(
  error: z.core.$ZodError,
  prefix: readonly PathSegment[] = [],
): FieldProblem[] {
  return error.issues
    .flatMap(issue => flatten(issue, prefix))
    .map(({ issue, path }) => ({
      path: formatPath(asSegments(path)),
      message: describeIssue(issue),
    }));
}
