import { FieldProblem, JsonObject } from '../api/object';
import { TemplatePart } from './references';
import { NameFinder, shownName } from './resolveReference';
import { Variables, variableProblem } from './variables';
import { walkValues } from './walkValues';

/** Values with every reference replaced, or what could not be. */
export type SubstitutionResult =
  | { readonly ok: true; readonly values: JsonObject }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Gives the value of a key, by the resource's name as a reference writes it. */
export type SecretLookup = (
  resource: string,
  key: string,
) => string | undefined;

/**
 * A lookup in values by declared resource. Names are found as the plan finds them: exactly, or with hyphens and
 * underscores exchanged where that is clear.
 */
export function lookupSecrets(
  values: ReadonlyMap<string, ReadonlyMap<string, string>>,
): SecretLookup {
  const names = new NameFinder(values.keys());
  return (resource, key) => {
    const exact = values.get(resource);
    if (exact) {
      return exact.get(key);
    }
    const similar = names.find(resource);
    return similar.length === 1 ? values.get(similar[0])?.get(key) : undefined;
  };
}

function variableValue(
  part: TemplatePart,
  variables: Variables,
): string | undefined {
  return part.kind === 'variable' && Object.hasOwn(variables, part.name)
    ? variables[part.name as keyof Variables]
    : undefined;
}

/**
 * Puts secrets into values: references become what `lookup` gives, directives the name that `secretName` gives
 * for their path (`spec.values...`, as in the plan). Problems hold no secret. The results are always strings
 * and are never read again, so that a secret cannot refer to another.
 */
export function substituteValues(
  values: JsonObject,
  lookup: SecretLookup,
  secretName: (path: string) => string | undefined,
  variables: Variables = {},
): SubstitutionResult {
  const problems: FieldProblem[] = [];
  const replace = (part: TemplatePart, path: () => string): string => {
    if (part.kind === 'text') {
      return part.text;
    }
    const known =
      part.kind === 'secret'
        ? lookup(part.resource, part.key)
        : variableValue(part, variables);
    if (known === undefined) {
      const message =
        part.kind === 'secret'
          ? `refers to key ${shownName(part.key)} of ${shownName(
              part.resource,
            )}, which has not been synced: see the ExternalSecret`
          : variableProblem(part) ?? 'uses a variable that is not known here';
      problems.push({ path: path(), message });
    }
    return known ?? '';
  };
  const result = walkValues(values, {
    template: (parts, place) => {
      let text = '';
      for (const part of parts) {
        text += replace(part, () => place.path);
      }
      return text;
    },
    directive: (_, place) => {
      const name = secretName(place.path);
      if (name === undefined) {
        problems.push({
          path: place.path,
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
