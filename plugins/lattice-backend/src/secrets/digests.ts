import { createHash, createHmac, randomBytes } from 'node:crypto';
import { JsonValue } from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';

/** Name of the create-only Secret that holds the key of all digests of a cluster. */
export const DIGEST_KEY_SECRET = 'lattice-digest-key';

const VERSION = 'v1';
const KEY_BYTES = 32;
const ID_DIGITS = 8;
/** 160 bits, so that a digest with its prefix fits into a label (63 characters). */
const HEX_DIGITS = 40;

/** Makes digests that tell nothing about what they were made of. */
export interface Digests {
  /** Part of every digest: a digest with another id was made with a key that is lost. */
  readonly keyId: string;
  /** `v1:<key id>:<hex>` over the canonical form of a value. */
  digest(value: JsonValue): string;
}

/** Digests under one key. */
export function digestsOf(key: Buffer): Digests {
  const keyId = createHash('sha256')
    .update(key)
    .digest('hex')
    .slice(0, ID_DIGITS);
  return {
    keyId,
    digest: value => {
      const hex = createHmac('sha256', key)
        .update(canonicalJson(value))
        .digest('hex');
      return `${VERSION}:${keyId}:${hex.slice(0, HEX_DIGITS)}`;
    },
  };
}

/** JSON with sorted keys: equal values give equal texts, however they were written. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (Array.isArray(value)) {
    return `[${value.map(it => canonicalJson(it)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .filter(key => value[key] !== undefined)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** A digest as the value of a label, which may hold no colon. */
export function digestLabel(digest: string): string {
  return digest.replace(/:/g, '.');
}

/** Key id of a digest or its label; `undefined` when it is none of ours. */
export function keyIdOf(digest: string | undefined): string | undefined {
  return /^v1[.:]([0-9a-f]{8})[.:][0-9a-f]{40}$/.exec(digest ?? '')?.[1];
}

/** Reads the key of a cluster, making it once. Two replicas that race end with the same key. */
export async function loadDigests(
  client: ClusterClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<Digests> {
  const key = { namespace, name: DIGEST_KEY_SECRET };
  const present = await client.get(KINDS.Secret, key, { signal });
  if (present) {
    return digestsOf(readKey(present.data));
  }
  try {
    const made = await client.create(
      KINDS.Secret,
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          ...key,
          labels: { 'app.kubernetes.io/managed-by': 'lattice' },
        },
        type: 'Opaque',
        immutable: true,
        data: { key: randomBytes(KEY_BYTES).toString('base64') },
      },
      { signal },
    );
    return digestsOf(readKey(made.data));
  } catch (error) {
    if (!isClusterError(error, 'AlreadyExists')) {
      throw error;
    }
    const raced = await client.get(KINDS.Secret, key, { signal });
    return digestsOf(readKey(raced?.data));
  }
}

function readKey(data: unknown): Buffer {
  const text = (data as { key?: unknown } | undefined)?.key;
  const key = Buffer.from(typeof text === 'string' ? text : '', 'base64');
  if (key.length < KEY_BYTES) {
    throw new Error(
      `Secret ${DIGEST_KEY_SECRET} holds no usable key. Delete it to have a new one made.`,
    );
  }
  return key;
}
