import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { ClusterClient, Impersonation, ResourceCache } from '../clusters/types';
import { definedKindOf } from './definedKind';
import {
  describeInventoryObject,
  InventoryObject,
  inventoryOf,
} from './releaseInventory';

/** Whose objects are looked for, and how. */
export interface RemainingOptions {
  readonly client: Pick<ClusterClient, 'get'>;
  /** The definitions of the cluster's custom kinds. */
  readonly definitions: Pick<ResourceCache, 'list' | 'isComplete' | 'error'>;
  /** Manifest of the last revision. */
  readonly manifest: string;
  readonly release: ObjectKey;
  readonly as: Impersonation;
  readonly signal: AbortSignal;
}

const HELM_RELEASE_ANNOTATION = 'meta.helm.sh/release-name';

/** Objects of a release that still exist and belong to it, for people; what the chart asks to keep does not count. */
export async function remainingObjects(
  options: RemainingOptions,
): Promise<string[]> {
  const remaining: string[] = [];
  for (const object of inventoryOf(
    options.manifest,
    options.release.namespace,
  )) {
    if (!object.isKept && (await isStillThere(options, object))) {
      remaining.push(describeInventoryObject(object));
    }
  }
  return remaining;
}

async function isStillThere(
  { client, definitions, release, as, signal }: RemainingOptions,
  object: InventoryObject,
): Promise<boolean> {
  const kind = definedKindOf(object, definitions);
  const key =
    object.namespace && kind.namespaced
      ? { namespace: object.namespace, name: object.name }
      : { name: object.name };
  try {
    const live = await client.get(kind, key, { as, signal });
    return (
      live?.metadata.annotations?.[HELM_RELEASE_ANNOTATION] === release.name
    );
  } catch (error) {
    if (isClusterError(error, 'NotFound')) {
      return false; // The kind itself is not served any more.
    }
    throw error;
  }
}
