import { Entity } from '@backstage/catalog-model';
import { FilterPredicate } from '@backstage/filter-predicates';
import {
  ANNOTATION_MEMBER,
  ANNOTATION_PACKAGE,
  ANNOTATION_SERVICE,
} from '@lattice-portal/backstage-plugin-lattice-common';

const KINDS = ['component', 'resource', 'system'];

/** Annotations that make the Mesh tab appear. */
export const MESH_ANNOTATIONS = [ANNOTATION_MEMBER, ANNOTATION_SERVICE];

function annotated(annotation: string): FilterPredicate {
  const predicate: Record<string, { $exists: true }> = {
    [`metadata.annotations.${annotation}`]: { $exists: true },
  };
  return predicate as FilterPredicate;
}

const ofOurKinds: FilterPredicate = { $any: KINDS.map(kind => ({ kind })) };

/** Where the Package tab and card appear; an admin may replace it in app-config. */
export const packageFilter: FilterPredicate = {
  $all: [ofOurKinds, annotated(ANNOTATION_PACKAGE)],
};

/** Where the Mesh tab and card appear; an admin may replace it in app-config. */
export const meshFilter: FilterPredicate = {
  $all: [ofOurKinds, { $any: MESH_ANNOTATIONS.map(annotated) }],
};

function isOfOurKinds(entity: Entity): boolean {
  return KINDS.includes(entity.kind.toLowerCase());
}

/** The same choice as {@link packageFilter}, for the legacy system's `if`. @public */
export function isLatticePackageAvailable(entity: Entity): boolean {
  return (
    isOfOurKinds(entity) &&
    entity.metadata.annotations?.[ANNOTATION_PACKAGE] !== undefined
  );
}

/** The same choice as {@link meshFilter}, for the legacy system's `if`. @public */
export function isLatticeMeshAvailable(entity: Entity): boolean {
  return (
    isOfOurKinds(entity) &&
    MESH_ANNOTATIONS.some(
      annotation => entity.metadata.annotations?.[annotation] !== undefined,
    )
  );
}
