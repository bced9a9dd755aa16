import { ObjectKey } from './api/object';

/** Shown where a workload declares an outbound dependency that nobody allows. */
export function unmatchedDependencyMessage(dependency: string): string {
  return `outbound dependency ${dependency} declared but no matching inbound declaration found.`;
}

/** Shown where a package is Ready but nothing declares its part in the mesh. */
export function packageWithoutMemberMessage(pkg: ObjectKey): string {
  return `LatticePackage ${pkg.name} is Ready but no LatticeMeshMember exists in namespace ${pkg.namespace}. Services cannot reach this package through the bilateral agreement model.`;
}

/** One side of an agreement, as a message names it. */
export interface NamedDeclaration extends ObjectKey {
  readonly kind: string;
}

/** Shown where a callee allows a caller that declares nothing: who must change, and who need not. */
export function undeclaredDependencyMessage(
  caller: NamedDeclaration,
  callee: NamedDeclaration,
): string {
  return `${callee.kind} ${callee.namespace}/${callee.name} allows ${caller.namespace}/${caller.name}, but ${caller.kind} ${caller.namespace}/${caller.name} declares no outbound dependency ${callee.name}: traffic is denied. Only the ${caller.kind} must change; the ${callee.kind} need not.`;
}

/** Shown where neither side has declared the other. */
export function undeclaredPairMessage(
  caller: NamedDeclaration,
  callee: NamedDeclaration,
): string {
  return `Neither ${caller.kind} ${caller.namespace}/${caller.name} declares an outbound dependency ${callee.name}, nor does ${callee.kind} ${callee.namespace}/${callee.name} allow ${caller.name} as caller: traffic is denied. Both must change.`;
}
