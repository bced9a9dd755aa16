import { ObjectKey } from './api/object';

/** Shown where a workload declares an outbound dependency that nobody allows. */
export function unmatchedDependencyMessage(dependency: string): string {
  return `outbound dependency ${dependency} declared but no matching inbound declaration found.`;
}

/** Shown where a package is Ready but nothing declares its part in the mesh. */
export function packageWithoutMemberMessage(pkg: ObjectKey): string {
  return `LatticePackage ${pkg.name} is Ready but no LatticeMeshMember exists in namespace ${pkg.namespace}. Services cannot reach this package through the bilateral agreement model.`;
}
