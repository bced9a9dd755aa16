import { FieldProblem, JsonObject } from '../api/object';
import { SecretResource } from '../api/packageModel';
import { SecretReference, TemplatePart } from './references';
import { walkValues } from './walkValues';
import { variableProblem } from './variables';

/** A place in the values where the value of a secret goes. */
export interface ValueReference extends SecretReference {
  readonly path: string;
}

/** A place in the values where the name of a generated Secret goes. */
export interface SecretDirective {
  readonly path: string;
  readonly entries: readonly (readonly [string, SecretReference])[];
}

/** Every reference in a values tree, and what is wrong with them. */
export interface ReferenceScan {
  readonly valueReferences: readonly ValueReference[];
  readonly directives: readonly SecretDirective[];
  readonly problems: readonly FieldProblem[];
}

const PLAIN_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A name as it may stand in a message: whatever is not plainly a name may be something else. */
function shown(name: string): string {
  return PLAIN_NAME.test(name) ? name : '(not a name)';
}

/** What is wrong with one reference, as far as the package alone can say. */
export function referenceProblem(
  { resource, key }: SecretReference,
  resources: Readonly<Record<string, SecretResource>>,
): string | undefined {
  const declared = Object.hasOwn(resources, resource)
    ? resources[resource]
    : undefined;
  if (!declared) {
    return `refers to ${shown(
      resource,
    )}, but spec.resources declares no resource of type secret with that name: add it, or correct the reference`;
  }
  if (declared.keys && !declared.keys.includes(key)) {
    return `refers to key ${shown(
      key,
    )}, but spec.resources.${resource}.params.keys lists only ${declared.keys.join(
      ', ',
    )}: add the key, or correct the reference`;
  }
  return undefined;
}

/** Finds every reference of a values tree and checks it against the declared resources. */
export function scanReferences(
  values: JsonObject,
  resources: Readonly<Record<string, SecretResource>>,
): ReferenceScan {
  const valueReferences: ValueReference[] = [];
  const directives: SecretDirective[] = [];
  const problems: FieldProblem[] = [];
  const check = (reference: SecretReference, path: string) => {
    const message = referenceProblem(reference, resources);
    if (message) {
      problems.push({ path, message });
    }
  };
  const visit = (part: TemplatePart, path: string) => {
    if (part.kind === 'secret') {
      check(part, path);
      valueReferences.push({ resource: part.resource, key: part.key, path });
      return;
    }
    const message = variableProblem(part);
    if (message) {
      problems.push({ path, message });
    }
  };
  const root = walkValues(values, {
    template: (parts, path) => {
      parts.forEach(part => visit(part, path));
      return '';
    },
    directive: (entries, path) => {
      entries.forEach(([, reference]) => check(reference, path));
      directives.push({ path, entries });
      return '';
    },
    problem: problem => problems.push(problem),
  });
  if (typeof root !== 'object') {
    problems.push({
      path: 'spec.values',
      message: 'must be an object, not a $secret directive',
    });
  }
  return { valueReferences, directives, problems };
}
