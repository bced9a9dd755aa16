import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { writtenPath } from '../api/writtenPaths';

/** How one side has declared the other, and where it stands in its manifest. */
export interface Declared {
  readonly how: 'name' | 'namespaceWildcard' | 'wildcard' | 'everything';
  readonly path: string;
}

/** How a caller declares a callee, if it does. */
export function findDependency(
  caller: LatticeMember,
  callee: ObjectKey,
): Declared | undefined {
  const found = findReference(caller, 'dependencies', callee);
  if (found || !caller.spec.dependsAll) return found;
  return {
    how: 'everything',
    path: writtenPath(caller.writtenPaths, 'spec.dependsAll'),
  };
}

/** How a callee allows a caller, if it does. */
export function findAllowance(
  callee: LatticeMember,
  caller: ObjectKey,
): Declared | undefined {
  return findReference(callee, 'allowedCallers', caller);
}

function findReference(
  member: LatticeMember,
  field: 'allowedCallers' | 'dependencies',
  peer: ObjectKey,
): Declared | undefined {
  let best: { how: Declared['how']; index: number } | undefined;
  member.spec[field].forEach((reference, index) => {
    const how = howItMeans(member, reference, peer);
    if (how && (!best || how === 'name')) best ??= { how, index };
    if (how === 'name' && best?.how !== 'name') best = { how, index };
  });
  return best
    ? {
        how: best.how,
        path: writtenPath(member.writtenPaths, `spec.${field}[${best.index}]`),
      }
    : undefined;
}

function howItMeans(
  owner: LatticeMember,
  reference: ServiceRef,
  peer: ObjectKey,
): Declared['how'] | undefined {
  if (reference.name === '*') {
    if (reference.namespace === undefined) return 'wildcard';
    return reference.namespace === peer.namespace
      ? 'namespaceWildcard'
      : undefined;
  }
  const namespace = reference.namespace ?? owner.metadata.namespace;
  return formatKey({ namespace, name: reference.name }) === formatKey(peer)
    ? 'name'
    : undefined;
}
