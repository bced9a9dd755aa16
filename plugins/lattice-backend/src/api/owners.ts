import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  ANNOTATION_OWNER,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Who owns a namespace that does not say so itself. */
export interface ConfiguredOwner {
  /** Absent = on every cluster. */
  readonly cluster?: string;
  readonly namespace: string;
  /** Entity ref. */
  readonly owner: string;
}

/** The full, lower-case entity ref; groups by default. `undefined` when it is no entity ref. */
export function normaliseOwner(text: string): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, {
        defaultKind: 'group',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    // What is no entity ref owns nothing: narrower, never wider.
    return undefined;
  }
}

/**
 * Who owns what lies in a namespace: its annotation, else the configuration, else nobody. Never an entity that
 * points at it, because any tenant can write an annotation on an entity.
 */
export function ownerOf(options: {
  cluster: string;
  namespace: string;
  namespaceObject: KubernetesObject | undefined;
  configured: readonly ConfiguredOwner[];
}): string | undefined {
  const { cluster, namespace, namespaceObject, configured } = options;
  const annotated = namespaceObject?.metadata.annotations?.[ANNOTATION_OWNER];
  if (annotated !== undefined) {
    return normaliseOwner(annotated);
  }
  const match = configured.find(
    entry =>
      entry.namespace === namespace &&
      (entry.cluster === undefined || entry.cluster === cluster),
  );
  return match && normaliseOwner(match.owner);
}
