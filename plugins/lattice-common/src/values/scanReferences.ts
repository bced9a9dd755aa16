import { FieldProblem, JsonObject } from '../api/object';
import { Place } from './place';
import { SecretReference, TemplatePart } from './references';
import { DeclaredResources, ReferenceResolver } from './resolveReference';
import { variableProblem } from './variables';
import { walkValues, WrittenEntry } from './walkValues';

/** A place in the values where the value of a secret goes. */
export interface ValueReference extends SecretReference {
  readonly path: string;
}

/** Part of an entry of a directive: text as it is, or a reference by the declared name of its resource. */
export type DirectivePart =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'secret' } & SecretReference);

/** One key of a generated Secret and what it shall hold. */
export interface DirectiveEntry {
  readonly key: string;
  readonly parts: readonly DirectivePart[];
}

/** A place in the values where the name of a generated Secret goes. */
export interface SecretDirective {
  readonly path: string;
  /** Sorted by key, so that the order in which they were written does not matter. */
  readonly entries: readonly DirectiveEntry[];
}

/** Every reference in a values tree, and what is wrong with them. Resources stand by their declared names. */
export interface ReferenceScan {
  readonly valueReferences: readonly ValueReference[];
  readonly directives: readonly SecretDirective[];
  readonly problems: readonly FieldProblem[];
  /** Declared resources that something refers to, rightly or wrongly. */
  readonly usedResources: ReadonlySet<string>;
}

const DIRECTIVE_EXPRESSION =
  'has an expression in a $secret directive that is no reference: write ${resource.key}, or $${ for a literal ${';

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

class Scan {
  readonly valueReferences: ValueReference[] = [];
  readonly directives: SecretDirective[] = [];
  readonly problems: FieldProblem[] = [];
  readonly usedResources = new Set<string>();
  readonly #resolver: ReferenceResolver;

  constructor(private readonly resources: DeclaredResources) {
    this.#resolver = new ReferenceResolver(resources);
  }

  readonly report = (problem: FieldProblem) => {
    this.problems.push(problem);
  };

  template(parts: readonly TemplatePart[], place: Place): string {
    for (const part of parts) {
      if (part.kind === 'secret') {
        const reference = this.#resolve(part, place);
        if (reference) {
          this.valueReferences.push({
            resource: reference.resource,
            key: reference.key,
            path: place.path,
          });
        }
      } else {
        const message = variableProblem(part);
        if (message) {
          this.report({ path: place.path, message });
        }
      }
    }
    return '';
  }

  directive(written: readonly WrittenEntry[], place: Place): string {
    const entries = written.map(({ key, parts }) => ({
      key,
      parts: parts.flatMap(part => this.#directivePart(part, place)),
    }));
    this.directives.push({
      path: place.path,
      entries: entries.sort((a, b) => compareTexts(a.key, b.key)),
    });
    return '';
  }

  #directivePart(part: TemplatePart, place: Place): DirectivePart[] {
    switch (part.kind) {
      case 'text':
        return [part];
      case 'secret': {
        const reference = this.#resolve(part, place);
        return reference ? [{ kind: 'secret', ...reference }] : [];
      }
      case 'unclosed':
        this.report({
          path: place.path,
          message: variableProblem(part) ?? DIRECTIVE_EXPRESSION,
        });
        return [];
      default:
        this.report({ path: place.path, message: DIRECTIVE_EXPRESSION });
        return [];
    }
  }

  #resolve(
    part: Extract<TemplatePart, { kind: 'secret' }>,
    place: Place,
  ): SecretReference | undefined {
    const resolved = this.#resolver.resolve(part);
    if (resolved.ok) {
      this.usedResources.add(resolved.reference.resource);
      return resolved.reference;
    }
    if (Object.hasOwn(this.resources, part.resource)) {
      this.usedResources.add(part.resource);
    }
    this.report({ path: place.path, message: resolved.message });
    return undefined;
  }
}

/**
 * Finds every reference of a values tree and holds it against the declared resources. The result does not depend on the
 * order of keys.
 */
export function scanReferences(
  values: JsonObject,
  resources: DeclaredResources,
): ReferenceScan {
  const scan = new Scan(resources);
  const root = walkValues(values, {
    isSorted: true,
    template: (parts, place) => scan.template(parts, place),
    directive: (entries, place) => scan.directive(entries, place),
    problem: scan.report,
  });
  if (typeof root !== 'object') {
    scan.report({
      path: 'spec.values',
      message: 'must be an object, not a $secret directive',
    });
  }
  const { valueReferences, directives, problems, usedResources } = scan;
  return { valueReferences, directives, problems, usedResources };
}
