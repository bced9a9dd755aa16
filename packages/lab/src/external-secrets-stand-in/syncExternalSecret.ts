import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../cluster/KubernetesClient.ts';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../cluster/KubernetesClient.ts';
import { MESSAGES, REASONS, SyncFailure } from './conditions.ts';
import { fetchSecretData } from './fetchSecretData.ts';
import type { SecretSource } from './fetchSecretData.ts';
import { isIntact, needsRefresh } from './needsRefresh.ts';
import { syncedResourceVersion } from './objectHash.ts';
import { targetName } from './types.ts';
import type {
  Condition,
  ExternalSecret,
  ExternalSecretStatus,
  Secret,
} from './types.ts';
import {
  fieldManager,
  OWNER_LABEL,
  ownerHash,
  wantedSecret,
} from './wantedSecret.ts';

/** What one pass over an ExternalSecret came to; a failed one is tried again later. */
export type SyncOutcome =
  | { result: 'unchanged' | 'synced' | 'conflict' }
  | { result: 'failed'; cause: string };

/** What a pass works with. */
export type SyncContext = {
  client: KubernetesClient;
  source: SecretSource;
  now: () => number;
};

type Done = { reason: string; message: string; binding?: string };

/** Path of all ExternalSecrets. */
export const EXTERNAL_SECRETS_PATH =
  '/apis/external-secrets.io/v1/externalsecrets';

/** Brings the Secret and the status of one ExternalSecret up to date. */
export async function syncExternalSecret(
  externalSecret: ExternalSecret,
  context: SyncContext,
): Promise<SyncOutcome> {
  if (externalSecret.metadata.deletionTimestamp) {
    return { result: 'unchanged' };
  }
  const { client, now } = context;
  const secretPath = `${namespacePath(externalSecret)}/${targetName(
    externalSecret,
  )}`;
  const existing = await client.find<Secret>(secretPath);
  const started = now();
  if (
    !needsRefresh(externalSecret, started) &&
    isIntact(externalSecret, existing)
  ) {
    return { result: 'unchanged' };
  }
  try {
    const done = await bringUpToDate(externalSecret, existing, context);
    await writeStatus(externalSecret, client, {
      ...externalSecret.status,
      ...(done.binding ? { binding: { name: done.binding } } : {}),
      refreshTime: timestamp(started),
      syncedResourceVersion: syncedResourceVersion(externalSecret),
      conditions: withReady(
        externalSecret,
        { status: 'True', ...pick(done) },
        started,
      ),
    });
    return { result: 'synced' };
  } catch (error) {
    if (
      error instanceof ApiError &&
      (error.status === 409 || error.status === 404)
    ) {
      return { result: 'conflict' };
    }
    const message =
      error instanceof SyncFailure
        ? error.conditionMessage
        : MESSAGES.updateSecret;
    const ready = {
      status: 'False' as const,
      reason: REASONS.syncedError,
      message,
    };
    await writeStatus(externalSecret, client, {
      ...externalSecret.status,
      conditions: withReady(externalSecret, ready, started),
    });
    return {
      result: 'failed',
      cause: error instanceof Error ? error.message : String(error),
    };
  }
}

function pick({ reason, message }: Done): { reason: string; message: string } {
  return { reason, message };
}

async function bringUpToDate(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
  { client, source }: SyncContext,
): Promise<Done> {
  const { creationPolicy = 'Owner', deletionPolicy = 'Retain' } =
    externalSecret.spec.target ?? {};
  const values = await fetchSecretData(externalSecret, source);
  if (Object.keys(values).length === 0 && deletionPolicy === 'Delete') {
    return deleteSecret(externalSecret, existing, client);
  }
  if (Object.keys(values).length === 0 && deletionPolicy === 'Retain') {
    return { reason: REASONS.synced, message: MESSAGES.retained };
  }
  if (creationPolicy === 'Merge' && !existing) {
    return { reason: REASONS.missing, message: MESSAGES.missing };
  }
  const done = { reason: REASONS.synced, message: MESSAGES.synced };
  if (creationPolicy === 'None') {
    return done;
  }
  if (creationPolicy === 'Owner') {
    await deleteFormerTargets(externalSecret, client);
  }
  await writeSecret(
    externalSecret,
    existing,
    wantedSecret(externalSecret, existing, values),
    client,
  );
  return { ...done, binding: targetName(externalSecret) };
}

async function deleteSecret(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
  client: KubernetesClient,
): Promise<Done> {
  if ((externalSecret.spec.target?.creationPolicy ?? 'Owner') !== 'Owner') {
    throw new SyncFailure(MESSAGES.deleteSecret, 'creationPolicy is not Owner');
  }
  if (existing) {
    await client.call(
      'DELETE',
      `${namespacePath(externalSecret)}/${existing.metadata.name}`,
    );
  }
  return { reason: REASONS.deleted, message: MESSAGES.deleted };
}

/** Secrets under an earlier target name go away. */
async function deleteFormerTargets(
  externalSecret: ExternalSecret,
  client: KubernetesClient,
): Promise<void> {
  const path = namespacePath(externalSecret);
  const { items } = await client.call<{ items: KubernetesObject[] }>(
    'GET',
    path,
    {
      query: { labelSelector: `${OWNER_LABEL}=${ownerHash(externalSecret)}` },
    },
  );
  for (const { metadata } of items) {
    if (metadata.name !== targetName(externalSecret)) {
      await client.call('DELETE', `${path}/${metadata.name}`);
    }
  }
}

async function writeSecret(
  externalSecret: ExternalSecret,
  existing: Secret | undefined,
  wanted: Secret,
  client: KubernetesClient,
): Promise<void> {
  if (existing && isDeepStrictEqual(normal(existing), normal(wanted))) {
    return;
  }
  const path = namespacePath(externalSecret);
  const query = { fieldManager: fieldManager(externalSecret.metadata.name) };
  if (existing) {
    await client.call('PUT', `${path}/${existing.metadata.name}`, {
      body: wanted,
      query,
    });
  } else {
    await client.call('POST', path, { body: wanted, query });
  }
}

/** A Secret without the differences that mean nothing. */
function normal(secret: Secret): unknown {
  const {
    ownerReferences = [],
    labels = {},
    annotations = {},
  } = secret.metadata;
  const { data = {}, type, immutable = false } = secret;
  return { ownerReferences, labels, annotations, data, type, immutable };
}

async function writeStatus(
  externalSecret: ExternalSecret,
  client: KubernetesClient,
  status: ExternalSecretStatus,
): Promise<void> {
  if (isDeepStrictEqual(externalSecret.status, status)) {
    return;
  }
  const { namespace, name } = externalSecret.metadata;
  const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${name}/status`;
  await client.call('PUT', path, { body: { ...externalSecret, status } });
}

function withReady(
  { status }: ExternalSecret,
  ready: Pick<Condition, 'status' | 'reason' | 'message'>,
  now: number,
): Condition[] {
  const conditions = status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === 'Ready');
  const lastTransitionTime =
    before?.status === ready.status
      ? before.lastTransitionTime
      : timestamp(now);
  return [
    ...conditions.filter(({ type }) => type !== 'Ready'),
    { type: 'Ready', ...ready, lastTransitionTime },
  ];
}

function namespacePath({ metadata }: ExternalSecret): string {
  return `/api/v1/namespaces/${metadata.namespace}/secrets`;
}

function timestamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}
