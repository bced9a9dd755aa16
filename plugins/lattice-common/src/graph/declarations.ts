import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';

const WILDCARD = '*';

/**
 * One side's declarations in the form that the graph indexes: names, and the namespaces within which everything
 * is meant. The empty string as a bound stands for every namespace, and then it is the only one.
 */
export interface Declarations {
  readonly names: ReadonlySet<string>;
  readonly bounds: ReadonlySet<string>;
}

/** Bound of a wildcard that no namespace limits. */
export const EVERY_NAMESPACE = '';

const NOTHING: ReadonlySet<string> = new Set();
const EVERYTHING: ReadonlySet<string> = new Set([EVERY_NAMESPACE]);

/** Nothing declared. */
export const NO_DECLARATIONS: Declarations = {
  names: NOTHING,
  bounds: NOTHING,
};

function isWildcard({ name }: ServiceRef): boolean {
  return name === WILDCARD;
}

function namesIn(
  owner: ObjectKey,
  references: readonly ServiceRef[],
): ReadonlySet<string> {
  if (references.length === 0) return NOTHING;
  const names = new Set<string>();
  for (const { name, namespace = owner.namespace } of references)
    if (name !== WILDCARD) names.add(formatKey({ namespace, name }));
  // Traffic among a member's own pods is `allowPeerTraffic` and nothing else.
  names.delete(formatKey(owner));
  return names.size > 0 ? names : NOTHING;
}

function boundsIn(references: readonly ServiceRef[]): ReadonlySet<string> {
  if (!references.some(isWildcard)) return NOTHING;
  const bounds = references
    .filter(isWildcard)
    .map(({ namespace = EVERY_NAMESPACE }) => namespace);
  return bounds.includes(EVERY_NAMESPACE) ? EVERYTHING : new Set(bounds);
}

/** Whom a member wants to call. */
export function wantedCallees({ metadata, spec }: LatticeMember): Declarations {
  const names = namesIn(metadata, spec.dependencies);
  const bounds = spec.dependsAll ? EVERYTHING : boundsIn(spec.dependencies);
  return { names, bounds };
}

/** By whom a member lets itself be called. */
export function allowedCallers({
  metadata,
  spec,
}: LatticeMember): Declarations {
  return {
    names: namesIn(metadata, spec.allowedCallers),
    bounds: boundsIn(spec.allowedCallers),
  };
}

/** Whether a declaration's wildcards reach into a namespace. */
export function coversNamespace(
  { bounds }: Declarations,
  namespace: string,
): boolean {
  return (
    bounds.size > 0 && (bounds.has(EVERY_NAMESPACE) || bounds.has(namespace))
  );
}
