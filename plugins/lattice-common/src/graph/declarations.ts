import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';

const WILDCARD = '*';

/**
 * One side's declarations in the form that the graph indexes: names, and the namespaces within which everything
 * is meant. The empty string as a bound stands for every namespace.
 */
export interface Declarations {
  readonly names: ReadonlySet<string>;
  readonly bounds: ReadonlySet<string>;
}

/** Bound of a wildcard that no namespace limits. */
export const EVERY_NAMESPACE = '';

/** Nothing declared. */
export const NO_DECLARATIONS: Declarations = {
  names: new Set(),
  bounds: new Set(),
};

function readReferences(
  owner: ObjectKey,
  references: readonly ServiceRef[],
  everything: boolean,
): Declarations {
  const names = new Set<string>();
  const bounds = new Set<string>(everything ? [EVERY_NAMESPACE] : []);
  for (const reference of references) {
    if (reference.name === WILDCARD) {
      bounds.add(reference.namespace ?? EVERY_NAMESPACE);
    } else {
      names.add(
        formatKey({
          namespace: reference.namespace ?? owner.namespace,
          name: reference.name,
        }),
      );
    }
  }
  // Traffic among a member's own pods is `allowPeerTraffic` and nothing else.
  names.delete(formatKey(owner));
  return { names, bounds };
}

/** Whom a member wants to call. */
export function wantedCallees(member: LatticeMember): Declarations {
  const { dependencies, dependsAll } = member.spec;
  return readReferences(member.metadata, dependencies, dependsAll);
}

/** By whom a member lets itself be called. */
export function allowedCallers(member: LatticeMember): Declarations {
  return readReferences(member.metadata, member.spec.allowedCallers, false);
}

/** Whether a declaration's wildcards reach into a namespace. */
export function coversNamespace(
  declarations: Declarations,
  namespace: string,
): boolean {
  return (
    declarations.bounds.has(EVERY_NAMESPACE) ||
    declarations.bounds.has(namespace)
  );
}
