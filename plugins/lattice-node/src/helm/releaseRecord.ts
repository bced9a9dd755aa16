import { gunzipSync, gzipSync } from 'node:zlib';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** Status of a revision, as helm records it. */
export type ReleaseStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback';

/** What the labels of a release record tell, without its payload. */
export interface ReleaseMetadata {
  /** Name of the Secret. */
  readonly secretName: string;
  readonly namespace: string;
  readonly release: string;
  readonly revision: number;
  readonly status: ReleaseStatus;
  /** Our own labels, given by `--labels`; helm's are left out. */
  readonly labels: Readonly<Record<string, string>>;
  readonly resourceVersion?: string;
  /** When the record was last written, from its label. */
  readonly modifiedAt?: Date;
}

/** The payload of a record, as far as we read it. May hold secrets in `manifest` and `config`. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly manifest: string;
  readonly info: {
    readonly status: ReleaseStatus;
    readonly description?: string;
    readonly [key: string]: unknown;
  };
  readonly chart?: {
    readonly metadata?: {
      readonly name?: string;
      readonly version?: string;
      readonly appVersion?: string;
    };
  };
  readonly [key: string]: unknown;
}

/** A Secret that is no readable release record. Never quotes it. */
export class ReleaseRecordError extends Error {
  override readonly name = 'ReleaseRecordError';
}

/** Type of the Secrets that hold release records. */
export const RELEASE_SECRET_TYPE = 'helm.sh/release.v1';

const SYSTEM_LABELS = new Set([
  'name',
  'owner',
  'status',
  'version',
  'createdAt',
  'modifiedAt',
]);
/** Helm's own limit of a Secret is 1 MiB; unpacked it may be larger, but not without end. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Label selector that finds every revision of a release. */
export function releaseSelector(release: string): string {
  return `owner=helm,name=${release}`;
}

/** Reads the labels of one record; `undefined` when it is none. */
export function readReleaseMetadata(
  secret: KubernetesObject,
): ReleaseMetadata | undefined {
  const labels = secret.metadata.labels ?? {};
  const revision = Number(labels.version);
  if (
    labels.owner !== 'helm' ||
    !labels.name ||
    !Number.isSafeInteger(revision) ||
    revision < 1 ||
    secret.metadata.name !== `sh.helm.release.v1.${labels.name}.v${revision}`
  ) {
    return undefined;
  }
  const modified = Number(labels.modifiedAt ?? labels.createdAt);
  return {
    secretName: secret.metadata.name,
    namespace: secret.metadata.namespace ?? '',
    release: labels.name,
    revision,
    status: (labels.status ?? 'unknown') as ReleaseStatus,
    labels: Object.fromEntries(
      Object.entries(labels).filter(([key]) => !SYSTEM_LABELS.has(key)),
    ),
    ...(secret.metadata.resourceVersion
      ? { resourceVersion: secret.metadata.resourceVersion }
      : {}),
    ...(Number.isFinite(modified)
      ? { modifiedAt: new Date(modified * 1000) }
      : {}),
  };
}

/** All revisions among some Secrets, newest first. */
export function readReleaseHistory(
  secrets: readonly KubernetesObject[],
): ReleaseMetadata[] {
  return secrets
    .map(readReleaseMetadata)
    .filter((it): it is ReleaseMetadata => it !== undefined)
    .sort((left, right) => right.revision - left.revision);
}

/** Unpacks the payload: base64 of the API, base64 of helm, gzip, JSON. */
export function readRelease(secret: KubernetesObject): ReleaseRecord {
  const data = (secret.data as Record<string, unknown> | undefined)?.release;
  if (typeof data !== 'string') {
    throw new ReleaseRecordError(
      `Secret ${secret.metadata.name} holds no release.`,
    );
  }
  try {
    const packed = Buffer.from(
      Buffer.from(data, 'base64').toString('utf8'),
      'base64',
    );
    const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const json = isGzip
      ? gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES })
      : packed;
    return JSON.parse(json.toString('utf8')) as ReleaseRecord;
  } catch {
    // The parser's message would quote the payload, which holds values.
    throw new ReleaseRecordError(
      `The release record ${secret.metadata.name} is damaged.`,
    );
  }
}

/**
 * The same record with another status, for an operation whose process is proven dead. The caller writes it with the
 * resourceVersion that it read, so that a record that moved meanwhile is left alone.
 */
export function withReleaseStatus(
  secret: KubernetesObject,
  status: ReleaseStatus,
  description: string,
): KubernetesObject {
  const record = readRelease(secret);
  const changed = { ...record, info: { ...record.info, status, description } };
  const packed = gzipSync(Buffer.from(JSON.stringify(changed)));
  return {
    ...secret,
    metadata: {
      ...secret.metadata,
      labels: { ...secret.metadata.labels, status },
    },
    data: {
      release: Buffer.from(packed.toString('base64')).toString('base64'),
    },
  };
}

/** Whether helm holds its lock, or was stopped while holding it. */
export function isPending(status: ReleaseStatus): boolean {
  return status.startsWith('pending-') || status === 'uninstalling';
}
