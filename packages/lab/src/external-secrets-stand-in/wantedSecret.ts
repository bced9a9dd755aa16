import type { OwnerReference } from '../cluster/KubernetesClient.ts';
import { MESSAGES, SyncFailure } from './conditions.ts';
import { dataHash, sha3 } from './objectHash.ts';
import { renderTemplate } from './renderTemplate.ts';
import { targetName } from './types.ts';
import type { ExternalSecret, Secret } from './types.ts';

/** Label on every Secret the operator writes. */
export const MANAGED_LABEL = 'reconcile.external-secrets.io/managed';
/** Label that names, as a hash, the ExternalSecret that owns the Secret. */
export const OWNER_LABEL = 'reconcile.external-secrets.io/created-by';
/** Annotation with the hash of the data as last written. */
export const DATA_HASH = 'reconcile.external-secrets.io/data-hash';

const GROUP = 'external-secrets.io';
const MAX_MANAGER_LENGTH = 63;

/** Field manager under which an ExternalSecret writes its Secret. */
export function fieldManager(name: string): string {
  const manager = `externalsecrets.${GROUP}/${name}`;
  return manager.length > MAX_MANAGER_LENGTH
    ? `externalsecrets.${GROUP}/sha3/${sha3(name)}`
    : manager;
}

/** Value of the owner label for an ExternalSecret. */
export function ownerHash({ metadata }: ExternalSecret): string {
  return sha3(`${metadata.namespace}/${metadata.name}`);
}

/**
 * The Secret as it has to be. With creation policy Owner or Orphan everything an existing Secret held is replaced, with
 * Merge its other keys stay. Throws SyncFailure when it may not be written.
 */
export function wantedSecret(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
  values: Record<string, Buffer>,
): Secret {
  const { metadata, spec } = externalSecret;
  const policy = spec.target?.creationPolicy ?? 'Owner';
  const held = existing?.metadata;
  const { template } = spec.target ?? {};
  const { labels = {}, annotations = {} } = template
    ? template.metadata ?? {}
    : metadata;
  const stale = managedMetadataKeys(existing, metadata.name);
  const data = wantedData(externalSecret, existing, values);
  const { [OWNER_LABEL]: _former, ...heldLabels } = without(
    held?.labels,
    stale.labels,
  );
  return {
    ...existing,
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...held,
      name: targetName(externalSecret),
      namespace: metadata.namespace,
      ownerReferences: ownerReferences(externalSecret, existing),
      labels: {
        ...heldLabels,
        ...labels,
        [MANAGED_LABEL]: 'true',
        ...(policy === 'Owner'
          ? { [OWNER_LABEL]: ownerHash(externalSecret) }
          : {}),
      },
      annotations: {
        ...without(held?.annotations, stale.annotations),
        ...annotations,
        [DATA_HASH]: dataHash(data),
      },
    },
    type: template?.type || existing?.type || 'Opaque',
    ...(spec.target?.immutable ? { immutable: true } : {}),
    data,
  };
}

function wantedData(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
  values: Record<string, Buffer>,
): Record<string, string> {
  const { template, creationPolicy } = externalSecret.spec.target ?? {};
  if (template?.templateFrom?.length) {
    throw new SyncFailure(
      MESSAGES.updateSecret,
      'the stand-in does not know template.templateFrom',
    );
  }
  const templates = Object.entries(template?.data ?? {});
  const includesValues =
    templates.length === 0 || template?.mergePolicy === 'Merge';
  const base64 = (value: Buffer) => value.toString('base64');
  const others =
    creationPolicy === 'Merge'
      ? without(
          existing?.data,
          managedKeys(existing, externalSecret.metadata.name, 'f:data'),
        )
      : {};
  return {
    ...others,
    ...(includesValues
      ? Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, base64(value)]),
        )
      : {}),
    ...Object.fromEntries(
      templates.map(([key, text]) => [
        key,
        base64(Buffer.from(renderTemplate(text, values))),
      ]),
    ),
  };
}

function ownerReferences(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
): OwnerReference[] {
  const { metadata, spec, apiVersion } = externalSecret;
  const references = existing?.metadata.ownerReferences ?? [];
  const controller = references.find(reference => reference.controller);
  const isExternalSecret =
    controller?.kind === 'ExternalSecret' &&
    controller.apiVersion.startsWith(`${GROUP}/`);
  const isThis = isExternalSecret && controller.name === metadata.name;
  if (isExternalSecret && !isThis) {
    throw new SyncFailure(
      MESSAGES.isOwned,
      `the Secret is owned by ${controller.name}`,
    );
  }
  const others = references.filter(
    reference => reference !== controller || !isThis,
  );
  if ((spec.target?.creationPolicy ?? 'Owner') !== 'Owner') {
    return others;
  }
  if (controller && !isThis) {
    throw new SyncFailure(
      MESSAGES.becomeOwner,
      `${controller.kind} ${controller.name} controls it`,
    );
  }
  const own: OwnerReference = {
    apiVersion,
    kind: 'ExternalSecret',
    name: metadata.name,
    uid: metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
  return [...others, own];
}

type ManagedFields = { manager?: string; fieldsV1?: Record<string, unknown> };

function managedMetadataKeys(existing: Secret | undefined, name: string) {
  return {
    labels: managedKeys(existing, name, 'f:metadata', 'f:labels'),
    annotations: managedKeys(existing, name, 'f:metadata', 'f:annotations'),
  };
}

/** Keys below a path of fields that this ExternalSecret wrote earlier, so that what it no longer asks for goes away. */
function managedKeys(
  existing: Secret | undefined,
  name: string,
  ...path: string[]
): string[] {
  const entries = (existing?.metadata.managedFields ?? []) as ManagedFields[];
  return entries
    .filter(({ manager }) => manager === fieldManager(name))
    .flatMap(({ fieldsV1 = {} }) => {
      const found = path.reduce<Record<string, unknown>>(
        (fields, key) => (fields[key] ?? {}) as Record<string, unknown>,
        fieldsV1,
      );
      return Object.keys(found)
        .filter(key => key !== '.')
        .map(key => key.replace(/^f:/, ''));
    });
}

function without(
  map: Record<string, string> | undefined,
  keys: string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)),
  );
}
