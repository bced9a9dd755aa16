import { parseObjects } from '../cluster/loadObjects.ts';
import type { KubernetesObject } from '../cluster/KubernetesClient.ts';

/** Label on every object that was delivered; its value is the cluster's name. */
export const DELIVERED_LABEL = 'lab.lattice.dev/delivered';

/** A file of the repository. */
export type RepositoryFile = { path: string; text: string };

/** What names an object. */
export type ObjectReference = {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
};

/** Kinds that others need to exist first. */
const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];

/**
 * Objects below `clusters/<cluster>/`, in the order in which they are applied, each with the label. A file that cannot
 * be read is a problem, and does not keep the others back.
 */
export function deliveredObjects(
  files: RepositoryFile[],
  clusterName: string,
): { objects: KubernetesObject[]; problems: string[] } {
  const root = `clusters/${clusterName}/`;
  const problems: string[] = [];
  const objects = files
    .filter(({ path }) => path.startsWith(root) && /\.ya?ml$/.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path, text }) => {
      try {
        return parseObjects(text).map(object =>
          withLabel(requireIdentity(object), clusterName),
        );
      } catch (error) {
        problems.push(
          `${path}: ${error instanceof Error ? error.message : String(error)}`,
        );
        return [];
      }
    });
  const rank = ({ kind }: KubernetesObject) => {
    const position = FIRST_KINDS.indexOf(kind);
    return position < 0 ? FIRST_KINDS.length : position;
  };
  return { objects: objects.sort((a, b) => rank(a) - rank(b)), problems };
}

/** What names the object. */
export function referenceOf({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): ObjectReference {
  const { namespace, name } = metadata;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name };
}

/** Whether both name the same object. */
export function sameReference(a: ObjectReference, b: ObjectReference): boolean {
  return (
    a.apiVersion === b.apiVersion &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name
  );
}

function requireIdentity(object: KubernetesObject): KubernetesObject {
  if (!object.apiVersion || !object.kind || !object.metadata?.name) {
    throw new Error('a document has no apiVersion, kind or metadata.name');
  }
  return object;
}

function withLabel(
  object: KubernetesObject,
  clusterName: string,
): KubernetesObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [DELIVERED_LABEL]: clusterName },
    },
  };
}
