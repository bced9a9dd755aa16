import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { ClusterClient, Impersonation } from '../clusters/types';
import {
  describeInventoryObject,
  InventoryObject,
  inventoryOf,
  resourceKindOf,
} from './releaseInventory';

/** Whose objects are looked for, and how. */
export interface RemainingOptions {
  readonly client: ClusterClient;
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
  { client, release, as, signal }: RemainingOptions,
  object: InventoryObject,
): Promise<boolean> {
  const key = object.namespace
    ? { namespace: object.namespace, name: object.name }
    : { name: object.name };
  try {
    const live = await client.get(resourceKindOf(object), key, { as, signal });
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
