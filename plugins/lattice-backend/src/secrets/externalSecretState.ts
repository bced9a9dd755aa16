import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** How far an ExternalSecret is. */
export type ExternalSecretState =
  | { readonly kind: 'fresh' }
  /** The operator has not seen this generation yet. */
  | { readonly kind: 'pending' }
  /** The operator tried and could not. */
  | { readonly kind: 'failed'; readonly message: string };

interface Status {
  readonly conditions?: readonly {
    readonly type?: string;
    readonly status?: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
  readonly syncedResourceVersion?: string;
}

/**
 * Fresh means: Ready, and synced at this generation. `syncedResourceVersion` is `<generation>-<hash>`; Ready alone may
 * still speak of an older generation.
 */
export function externalSecretState(
  object: KubernetesObject,
): ExternalSecretState {
  const status = (object.status ?? {}) as Status;
  const ready = status.conditions?.find(it => it.type === 'Ready');
  if (ready?.status === 'False') {
    return {
      kind: 'failed',
      message: [ready.reason, ready.message].filter(Boolean).join(': '),
    };
  }
  const synced = status.syncedResourceVersion?.split('-')[0];
  const isCurrent =
    synced !== undefined && synced === String(object.metadata.generation);
  return ready?.status === 'True' && isCurrent
    ? { kind: 'fresh' }
    : { kind: 'pending' };
}

/** Whether everything that is wanted stands in an object already; what servers and operators add does not count. */
export function contains(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(present) &&
      present.length === wanted.length &&
      wanted.every((it, index) => contains(present[index], it))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    return (
      typeof present === 'object' &&
      present !== null &&
      Object.entries(wanted).every(([key, it]) =>
        contains((present as Record<string, unknown>)[key], it),
      )
    );
  }
  return present === wanted;
}

/** Whether a Secret belongs to the ExternalSecret of the same name with this UID. */
export function isSecretOf(
  secret: KubernetesObject,
  externalSecretUid: string | undefined,
): boolean {
  const owners = secret.metadata.ownerReferences;
  return (
    externalSecretUid !== undefined &&
    Array.isArray(owners) &&
    owners.some(
      it => it?.kind === 'ExternalSecret' && it?.uid === externalSecretUid,
    )
  );
}
