import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { RequestSubject } from './ClusterError';
import { unreachable } from './translateFailure';
import { ResourceKind } from './types';

/** One page of a list. */
export interface ObjectPage {
  readonly items: KubernetesObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
}

interface RawPage {
  readonly metadata?: { resourceVersion?: string; continue?: string };
  readonly items?: KubernetesObject[] | null;
}

/**
 * Reads the body of a list. Its items carry neither kind nor apiVersion on the wire; here they get both.
 *
 * @throws ClusterError when the answer is no list, or none that can be watched on from.
 */
export function parsePage(
  kind: ResourceKind,
  subject: RequestSubject,
  body: unknown,
): ObjectPage {
  const raw = body as RawPage | null;
  if (typeof raw !== 'object' || typeof raw?.metadata !== 'object') {
    throw unreachable(subject, 'the answer is not a list');
  }
  const { resourceVersion } = raw.metadata;
  if (!resourceVersion) {
    // Without it nothing could be watched from here on: changes since would be missed.
    throw unreachable(subject, 'the answer is a list without a version');
  }
  return {
    items: (raw.items ?? []).map(item => withKind(kind, item)),
    resourceVersion,
    continueToken: raw.metadata.continue || undefined,
  };
}

/** The object with the kind under which it was asked for. */
export function withKind(
  kind: ResourceKind,
  object: KubernetesObject,
): KubernetesObject {
  return { ...object, apiVersion: kind.apiVersion, kind: kind.kind };
}
