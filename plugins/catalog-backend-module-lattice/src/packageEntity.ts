import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ResourceEntity,
} from '@backstage/catalog-model';
import {
  ANNOTATION_PACKAGE,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { entityName } from './entityName';

/** `spec.type` of the entities that stand for packages. */
export const PACKAGE_ENTITY_TYPE = 'lattice-package';

/** The catalog's picture of a package: who owns it, which chart it is, where to look for the rest. */
export function packageEntity(
  pkg: PackageSummary,
  options: { namespace: string; defaultOwner: string },
): ResourceEntity {
  const key = `${pkg.cluster}/${pkg.namespace}/${pkg.name}`;
  const location = `lattice:${key}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace: options.namespace,
      name: entityName(pkg),
      title: `${pkg.name} (${pkg.namespace} on ${pkg.cluster})`,
      description: `Chart ${pkg.chart}, version ${pkg.version}`,
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        [ANNOTATION_PACKAGE]: key,
      },
    },
    spec: {
      type: PACKAGE_ENTITY_TYPE,
      owner: pkg.owner ?? options.defaultOwner,
    },
  };
}
