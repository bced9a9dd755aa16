import {
  KubernetesObject,
  LABEL_OWNER_UID,
  LatticePackage,
  ObjectKey,
  PackageReasons,
  PlannedExternalSecret,
  SecretPlan,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient, Impersonation } from '../clusters/types';
import {
  contains,
  externalSecretState,
  isSecretOf,
} from './externalSecretState';

/** What became of a package's secrets. Only `resolved` holds values, and only in memory. */
export type SecretsOutcome =
  | {
      readonly kind: 'resolved';
      /** Resource -> key -> value. */
      readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
      /** Every value, for taking them out of texts. */
      readonly texts: readonly string[];
      readonly sources: readonly SecretSource[];
      /** The provider fails, the last values are used: why. */
      readonly staleMessage?: string;
    }
  | {
      readonly kind: 'unresolved';
      readonly reason: string;
      readonly message: string;
      /** It passes when the operator has done its work. */
      readonly isWaiting: boolean;
    };

/** Which Secret, at which version, a package used. */
export interface SecretSource {
  readonly name: string;
  readonly key: string;
  readonly resourceVersion?: string;
}

/** What is needed to bring a package's secrets about. */
export interface ResolveSecretsOptions {
  readonly client: ClusterClient;
  readonly pkg: LatticePackage;
  readonly plan: SecretPlan;
  /** The package's account: values are read with its rights only. */
  readonly as: Impersonation;
  /** Stale values may be used: something runs with them already. */
  readonly mayUseStale: boolean;
  readonly signal?: AbortSignal;
}

/** ESO's policy under which a Secret that was synced once is never read again. */
const FROZEN = 'CreatedOnce';

type Unresolved = Extract<SecretsOutcome, { kind: 'unresolved' }>;

interface ReadSecret {
  readonly data: ReadonlyMap<string, string>;
  readonly source: SecretSource;
  readonly staleMessage?: string;
}

/**
 * Applies the ExternalSecrets of a plan and reads what the operator made of them. Call it only after Cedar permitted
 * every access of the plan. Writes nothing when nothing differs.
 */
export async function resolveSecrets(
  options: ResolveSecretsOptions,
): Promise<SecretsOutcome> {
  const values = new Map<string, ReadonlyMap<string, string>>();
  const texts: string[] = [];
  const sources: SecretSource[] = [];
  let staleMessage: string | undefined;
  for (const planned of options.plan.externalSecrets) {
    const outcome = await resolveOne(options, planned);
    if ('kind' in outcome) {
      return outcome;
    }
    sources.push(outcome.source);
    staleMessage ??= outcome.staleMessage;
    texts.push(...outcome.data.values());
    if (planned.mode === 'value') {
      values.set(planned.resource, outcome.data);
    }
  }
  return {
    kind: 'resolved',
    values,
    texts,
    sources,
    ...(staleMessage ? { staleMessage } : {}),
  };
}

async function resolveOne(
  options: ResolveSecretsOptions,
  planned: PlannedExternalSecret,
): Promise<ReadSecret | Unresolved> {
  const key = keyOf(planned.object);
  const applied = await ensureExternalSecret(options, planned, key);
  if (isUnresolved(applied)) {
    return applied;
  }
  const state = externalSecretState(applied);
  if (state.kind === 'pending') {
    return waiting(`ExternalSecret ${name(key)} has not been synced yet.`);
  }
  const secret = await options.client.get(KINDS.Secret, key, {
    as: options.as,
    signal: options.signal,
  });
  if (state.kind === 'failed' && !(secret && options.mayUseStale)) {
    return waiting(
      `ExternalSecret ${name(key)} cannot be synced (${
        state.message
      }). Check the store ${planned.provider} and the key ${
        planned.remoteKey
      }.`,
    );
  }
  if (!secret) {
    return waiting(`Secret ${name(key)} has not been made yet.`);
  }
  if (!isSecretOf(secret, applied.metadata.uid)) {
    return conflict(key);
  }
  return readSecret(
    planned,
    secret,
    state.kind === 'failed' ? state.message : undefined,
  );
}

async function ensureExternalSecret(
  options: ResolveSecretsOptions,
  { object }: PlannedExternalSecret,
  key: ObjectKey,
): Promise<KubernetesObject | Unresolved> {
  const { client, as, signal } = options;
  try {
    const present = await client.get(KINDS.ExternalSecret, key, { signal });
    if (present && !isOurs(present, options.pkg)) {
      return unresolved(
        PackageReasons.SecretConflict,
        `ExternalSecret ${name(
          key,
        )} exists and is not ours. Rename the resource, or remove it.`,
      );
    }
    if (present && isCurrent(present, object)) {
      return present;
    }
    // The operator overwrites a Secret of that name, so look before there is an ExternalSecret that owns it.
    const secret = await client.get(KINDS.Secret, key, { as, signal });
    if (secret && !isSecretOf(secret, present?.metadata.uid)) {
      return conflict(key);
    }
    return await client.apply(
      KINDS.ExternalSecret,
      present && isFrozen(present) ? thawed(object) : object,
      { force: true, signal },
    );
  } catch (error) {
    if (isClusterError(error, 'NotFound') && !error.isObjectMissing) {
      return unresolved(
        PackageReasons.KindNotServed,
        'This cluster serves no ExternalSecret (external-secrets.io/v1). Install the External Secrets operator, or remove spec.resources.',
      );
    }
    throw error;
  }
}

function isCurrent(present: KubernetesObject, wanted: KubernetesObject) {
  return (
    !isFrozen(present) &&
    contains(present.spec, wanted.spec) &&
    contains(present.metadata.labels, wanted.metadata.labels)
  );
}

function isFrozen({ spec }: KubernetesObject): boolean {
  return (
    (spec as { refreshPolicy?: string } | undefined)?.refreshPolicy === FROZEN
  );
}

/** Says the default aloud: leaving the field out would leave what the freeze wrote. */
function thawed(object: KubernetesObject): KubernetesObject {
  return {
    ...object,
    spec: { ...(object.spec as object), refreshPolicy: 'Periodic' },
  };
}

/**
 * Stops the refresh of a package's ExternalSecrets: its permit was taken away, what runs stays. All of them, also those
 * that its spec names no more: an edit shall not keep a refresh alive.
 */
export async function freezeSecrets(options: {
  readonly client: ClusterClient;
  readonly pkg: LatticePackage;
  readonly present: readonly KubernetesObject[];
  readonly signal?: AbortSignal;
}): Promise<void> {
  for (const live of options.present) {
    if (isOurs(live, options.pkg) && !isFrozen(live)) {
      // Only this field: what the object reads stays what was permitted once.
      await options.client.jsonPatch(
        KINDS.ExternalSecret,
        keyOf(live),
        [{ op: 'add', path: '/spec/refreshPolicy', value: FROZEN }],
        { signal: options.signal },
      );
    }
  }
}

/** Deletes ExternalSecrets of a package that its plan no longer holds; their Secrets go with them. */
export async function deleteUnplannedSecrets(options: {
  readonly client: ClusterClient;
  readonly pkg: LatticePackage;
  readonly plannedNames: ReadonlySet<string>;
  readonly present: readonly KubernetesObject[];
  readonly signal?: AbortSignal;
}): Promise<number> {
  const surplus = options.present.filter(
    it =>
      isOurs(it, options.pkg) &&
      it.metadata.deletionTimestamp === undefined &&
      !options.plannedNames.has(it.metadata.name),
  );
  for (const it of surplus) {
    await options.client.delete(KINDS.ExternalSecret, keyOf(it), {
      uid: it.metadata.uid,
      signal: options.signal,
    });
  }
  return surplus.length;
}

/** Whether an object carries the mark of this package. */
export function isOurs(object: KubernetesObject, pkg: LatticePackage): boolean {
  return (
    pkg.metadata.uid !== undefined &&
    object.metadata.labels?.[LABEL_OWNER_UID] === pkg.metadata.uid
  );
}

function readSecret(
  planned: PlannedExternalSecret,
  secret: KubernetesObject,
  staleMessage: string | undefined,
): ReadSecret | Unresolved {
  const raw = (secret.data ?? {}) as Record<string, unknown>;
  const data = new Map(
    Object.entries(raw).map(([key, value]) => [
      key,
      Buffer.from(String(value), 'base64').toString('utf8'),
    ]),
  );
  const missing = (planned.keys ?? []).filter(it => !data.has(it));
  if (missing.length > 0) {
    return unresolved(
      PackageReasons.KeyMissing,
      `Secret ${secret.metadata.namespace}/${
        secret.metadata.name
      } has no key ${missing.join(', ')}. Add it at ${planned.provider}:${
        planned.remoteKey
      }, or mend spec.resources.${planned.resource}.params.keys.`,
    );
  }
  return {
    data,
    source: {
      name: secret.metadata.name,
      key: planned.remoteKey,
      ...(secret.metadata.resourceVersion
        ? { resourceVersion: secret.metadata.resourceVersion }
        : {}),
    },
    ...(staleMessage ? { staleMessage } : {}),
  };
}

function isUnresolved(
  value: KubernetesObject | Unresolved,
): value is Unresolved {
  return value.kind === 'unresolved';
}

export function keyOf(object: KubernetesObject): ObjectKey {
  return {
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  };
}

function name(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}

function waiting(message: string): Unresolved {
  return {
    kind: 'unresolved',
    reason: PackageReasons.ExternalSecretNotReady,
    message,
    isWaiting: true,
  };
}

function unresolved(reason: string, message: string): Unresolved {
  return { kind: 'unresolved', reason, message, isWaiting: false };
}

function conflict(key: ObjectKey): Unresolved {
  return unresolved(
    PackageReasons.SecretConflict,
    `Secret ${name(
      key,
    )} exists and was not made for this package; it would be overwritten. Remove it, or rename the resource.`,
  );
}
