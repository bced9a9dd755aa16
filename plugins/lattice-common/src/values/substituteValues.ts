import { FieldProblem, JsonObject } from '../api/object';
import { TemplatePart } from './references';
import { Variables, variableProblem } from './variables';
import { walkValues } from './walkValues';

/** Values with every reference replaced, or what could not be. */
export type SubstitutionResult =
  | { readonly ok: true; readonly values: JsonObject }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Puts secrets into values: references become what `lookup` gives, directives the name that `secretName` gives
 * for their path (`spec.values...`, as in the plan). Problems hold no secret. The results are always strings
 * and are never read again, so that a secret cannot refer to another.
 */
export function substituteValues(
  values: JsonObject,
  lookup: (resource: string, key: string) => string | undefined,
  secretName: (path: string) => string | undefined,
  variables: Variables = {},
): SubstitutionResult {
  const problems: FieldProblem[] = [];
  const replace = (part: TemplatePart, path: string): string => {
    if (part.kind === 'text') {
      return part.text;
    }
    const known =
      part.kind === 'secret'
        ? lookup(part.resource, part.key)
        : variables[(part as { name: keyof Variables }).name];
    if (known === undefined) {
      const message =
        part.kind === 'secret'
          ? `refers to key ${part.key} of ${part.resource}, which has not been synced: see the ExternalSecret`
          : variableProblem(part) ?? 'uses a variable that is not known here';
      problems.push({ path, message });
    }
    return known ?? '';
  };
  const result = walkValues(values, {
    template: (parts, path) => parts.map(part => replace(part, path)).join(''),
    directive: (_, path) => {
      const name = secretName(path);
      if (name === undefined) {
        problems.push({
          path,
          message: 'has a $secret directive that was not planned',
        });
      }
      return name ?? '';
    },
    problem: problem => problems.push(problem),
  });
  if (typeof result !== 'object' && problems.length === 0) {
    problems.push({ path: 'spec.values', message: 'must be an object' });
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, values: result as JsonObject };
}
