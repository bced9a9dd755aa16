import { LATTICE_API_VERSION } from '../annotations';
import { LatticeMember } from './memberModel';
import { FieldProblem, JsonObject, ObjectKey, ParseResult } from './object';
import { LatticePackage } from './packageModel';
import { parseMember } from './parseMember';
import { WrittenPaths } from './writtenPaths';

/** Where the fields of the member stand in the package. */
export const MESH_BLOCK_PATHS: WrittenPaths = {
  spec: 'spec.mesh',
  'spec.target.selector': 'spec.mesh.selector',
  'spec.serviceAccount': 'metadata.name',
};

interface ReadBlock {
  readonly home: ObjectKey;
  readonly result: ParseResult<LatticeMember>;
}

/** Blocks that were read when their package was: whoever asks for the member needs not read them again. */
const readBlocks = new WeakMap<JsonObject, ReadBlock>();

function parseBlock(
  mesh: JsonObject,
  { namespace, name }: ObjectKey,
): ParseResult<LatticeMember> {
  const before = readBlocks.get(mesh);
  if (before?.home.namespace === namespace && before.home.name === name) {
    return before.result;
  }
  const result = parseMember({
    apiVersion: LATTICE_API_VERSION,
    kind: 'LatticeMeshMember',
    metadata: { namespace, name },
    spec: mesh,
  });
  readBlocks.set(mesh, { home: { namespace, name }, result });
  return result;
}

/** What is wrong with a block, with the paths of a member. */
export function meshBlockProblems(
  mesh: JsonObject,
  home: ObjectKey,
): FieldProblem[] {
  const result = parseBlock(mesh, home);
  return result.ok
    ? []
    : result.problems.filter(({ path }) => path.startsWith('spec'));
}

/**
 * The member that a package's `mesh` block stands for, in the namespace of the release. A member that somebody
 * has written by hand under the same name counts more; that is for the caller to see.
 */
export function meshMemberOf(pkg: LatticePackage): LatticeMember | undefined {
  if (!pkg.spec.mesh) {
    return undefined;
  }
  const result = parseBlock(pkg.spec.mesh, {
    namespace: pkg.spec.targetNamespace,
    name: pkg.metadata.name,
  });
  return result.ok
    ? {
        ...result.value,
        writtenPaths: {
          ...MESH_BLOCK_PATHS,
          'spec.target.selector':
            pkg.writtenPaths?.['spec.mesh.selector'] ?? 'spec.mesh.selector',
        },
        fromPackage: {
          namespace: pkg.metadata.namespace,
          name: pkg.metadata.name,
        },
      }
    : undefined;
}
