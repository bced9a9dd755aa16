import { z } from 'zod/v4';
import { LATTICE_API_VERSION, LATTICE_GROUP } from '../annotations';
import { ObjectMeta, ParseResult } from './object';
import { Problems } from './problems';
import { isRecord, withoutNulls } from './json';

const textMap = z.record(z.string(), z.string());

const metadataSchema = z.object({
  name: z.string().min(1).max(253),
  namespace: z.string().min(1).max(63),
  uid: z.string().optional(),
  generation: z.int().optional(),
  resourceVersion: z.string().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  labels: textMap.optional(),
  annotations: textMap.optional(),
  finalizers: z.array(z.string()).optional(),
});

/** An object of ours, its frame read, its spec and status still as they came. */
export interface ObjectFrame {
  readonly metadata: ObjectMeta;
  readonly spec: unknown;
  readonly status: unknown;
}

/** Fields whose nulls are the user's business. */
const FREE_FIELDS = ['values', 'params'];

function checkKind(raw: Record<string, unknown>, kind: string, to: Problems) {
  if (raw.kind !== undefined && raw.kind !== kind) {
    to.add(['kind'], `must be ${kind}`);
  }
  if (raw.apiVersion !== undefined && raw.apiVersion !== LATTICE_API_VERSION) {
    to.add(
      ['apiVersion'],
      `must be ${LATTICE_API_VERSION}, the only version of ${LATTICE_GROUP} that is known here`,
    );
  }
}

const NOTHING_READ = { name: '', namespace: '' };

function readMetadata(raw: unknown, to: Problems): ObjectMeta {
  const read =
    to.read(metadataSchema, withoutNulls(raw ?? {}, []), ['metadata']) ??
    NOTHING_READ;
  return { labels: {}, annotations: {}, finalizers: [], ...read };
}

/**
 * Reads the frame of an object: kind, metadata, and that there is a spec. What is wrong is noted in `to`; the
 * frame is still given where the spec can be read, so that all problems are found in one go.
 */
export function readFrame(
  raw: unknown,
  kind: string,
  to: Problems,
): ObjectFrame | undefined {
  if (!isRecord(raw)) {
    to.add([], 'must be a Kubernetes object');
    return undefined;
  }
  checkKind(raw, kind, to);
  const metadata = readMetadata(raw.metadata, to);
  if (!isRecord(raw.spec)) {
    to.add(['spec'], raw.spec ? 'must be an object' : 'is required');
    return undefined;
  }
  return {
    metadata,
    spec: withoutNulls(raw.spec, FREE_FIELDS),
    status: raw.status,
  };
}

/** A {@link ParseResult} from a value and the problems noted on the way. */
export function parsed<T>(
  value: T | undefined,
  problems: Problems,
): ParseResult<T> {
  return value === undefined || problems.any
    ? { ok: false, problems: problems.list }
    : { ok: true, value };
}
