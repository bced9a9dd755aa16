import { MESSAGES, SyncFailure } from './conditions.ts';
import type { DataFrom, ExternalSecret, RemoteRef, StoreRef } from './types.ts';

/** Where values come from. */
export type SecretSource = {
  /** JSON text of a key; undefined when there is none. */
  get: (key: string) => Promise<string | undefined>;
  /** Whether the store exists, seen from the namespace. */
  hasStore: (ref: StoreRef, namespace: string) => Promise<boolean>;
};

/** Thrown when the key or property does not exist; what follows is up to the deletion policy. */
class NoSuchSecret extends Error {}

/**
 * Values that `spec.dataFrom` and `spec.data` ask for, in that order, the later winning. Throws SyncFailure when one
 * cannot be had.
 */
export async function fetchSecretData(
  externalSecret: ExternalSecret,
  source: SecretSource,
): Promise<Record<string, Buffer>> {
  const { spec, metadata } = externalSecret;
  const skipsMissing = (spec.target?.deletionPolicy ?? 'Retain') !== 'Retain';
  const data: Record<string, Buffer> = {};
  const namespace = metadata.namespace ?? '';
  const collect = async (
    what: string,
    ref: StoreRef | undefined,
    fetchValues: () => Promise<Record<string, Buffer>>,
  ) => {
    try {
      await requireStore(source, ref ?? spec.secretStoreRef ?? {}, namespace);
      Object.assign(data, await fetchValues());
    } catch (error) {
      if (!(error instanceof NoSuchSecret && skipsMissing)) {
        const cause = error instanceof Error ? error.message : String(error);
        throw new SyncFailure(MESSAGES.getData, `${what}: ${cause}`);
      }
    }
  };
  for (const [index, entry] of (spec.dataFrom ?? []).entries()) {
    await collect(`spec.dataFrom[${index}]`, entry.sourceRef?.storeRef, () =>
      extract(entry, source),
    );
  }
  for (const [index, { secretKey, remoteRef, sourceRef }] of (
    spec.data ?? []
  ).entries()) {
    await collect(
      `spec.data[${index}] (key: ${remoteRef.key})`,
      sourceRef?.storeRef,
      async () => ({
        [secretKey]: decode(remoteRef, await read(remoteRef, source)),
      }),
    );
  }
  return data;
}

async function requireStore(
  source: SecretSource,
  ref: StoreRef,
  namespace: string,
): Promise<void> {
  if (!(await source.hasStore(ref, namespace))) {
    throw new Error(
      `there is no ${ref.kind ?? 'SecretStore'} "${ref.name ?? ''}"`,
    );
  }
}

async function read(ref: RemoteRef, source: SecretSource): Promise<string> {
  const text = ref.version ? undefined : await source.get(ref.key);
  if (text === undefined) {
    throw new NoSuchSecret(`the store has no secret "${ref.key}"`);
  }
  if (!ref.property) {
    return text;
  }
  const value = property(JSON.parse(text), ref.property);
  if (value === undefined) {
    throw new NoSuchSecret(
      `secret "${ref.key}" has no property "${ref.property}"`,
    );
  }
  return asText(value);
}

/** A property by its name or, where it has dots, by its path. */
function property(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const object = value as Record<string, unknown>;
  if (Object.hasOwn(object, path)) {
    return object[path];
  }
  const [first, ...rest] = path.split('.');
  return rest.length > 0 && Object.hasOwn(object, first)
    ? property(object[first], rest.join('.'))
    : undefined;
}

async function extract(
  entry: DataFrom,
  source: SecretSource,
): Promise<Record<string, Buffer>> {
  if (!entry.extract || entry.rewrite?.length) {
    throw new Error(
      'the stand-in knows only dataFrom.extract, without rewrite',
    );
  }
  const ref = entry.extract;
  const map = JSON.parse(await read(ref, source)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key,
      decode(ref, asText(value)),
    ]),
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function decode(ref: RemoteRef, text: string): Buffer {
  switch (ref.decodingStrategy ?? 'None') {
    case 'None':
      return Buffer.from(text);
    case 'Base64':
      return Buffer.from(text, 'base64');
    default:
      throw new Error(
        `the stand-in does not know decodingStrategy ${ref.decodingStrategy}`,
      );
  }
}
