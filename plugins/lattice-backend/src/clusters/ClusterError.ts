import { ClusterErrorReason } from './types';

/** One cause that the API server named: which field, and who owns it. Never a value. */
export interface ClusterErrorCause {
  /** For example `.spec.replicas`. */
  readonly field?: string;
  /** Field manager that owns the field, on an apply conflict. */
  readonly manager?: string;
  /** The API server's own word, for example `FieldValueInvalid`. */
  readonly reason?: string;
}

/** What a request was about. */
export interface RequestSubject {
  readonly cluster: string;
  /** For example `get` or `replace status`. */
  readonly verb: string;
  /** Kind of the object, for example `ConfigMap`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Everything known about a failed request. */
export interface ClusterErrorDetails extends RequestSubject {
  readonly reason: ClusterErrorReason;
  /** HTTP status, absent when no answer came. */
  readonly status?: number;
  /** When the server asked to wait. */
  readonly retryAfterMs?: number;
  readonly causes?: readonly ClusterErrorCause[];
  /** What went wrong, for people; no values, no bodies. */
  readonly explanation: string;
  /** The 404 was about the object (or its namespace), not about a kind that is not served. */
  readonly isObjectMissing?: boolean;
}

/** A request to an API server that failed. Its message is safe to show and to log. */
export class ClusterError extends Error {
  readonly reason: ClusterErrorReason;
  readonly cluster: string;
  readonly verb: string;
  readonly kind: string;
  /** Named `objectName`: `name` is the name of the error class. */
  readonly objectName: string | undefined;
  readonly namespace: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly ClusterErrorCause[];
  /** What went wrong, without the subject. */
  readonly explanation: string;
  readonly isObjectMissing: boolean;

  constructor(details: ClusterErrorDetails) {
    super(`${describeSubject(details)}: ${details.explanation}`);
    this.name = 'ClusterError';
    this.reason = details.reason;
    this.cluster = details.cluster;
    this.verb = details.verb;
    this.kind = details.kind;
    this.objectName = details.name;
    this.namespace = details.namespace;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.causes = details.causes ?? [];
    this.explanation = details.explanation;
    this.isObjectMissing = details.isObjectMissing ?? false;
  }
}

/** Whether an error is a `ClusterError`, and of that reason when one is given. */
export function isClusterError(
  error: unknown,
  reason?: ClusterErrorReason,
): error is ClusterError {
  return (
    error instanceof ClusterError &&
    (reason === undefined || error.reason === reason)
  );
}

function describeSubject(subject: RequestSubject): string {
  const path = [subject.namespace, subject.name].filter(Boolean).join('/');
  const object = path ? `${subject.kind} ${path}` : subject.kind;
  return `cluster ${subject.cluster}: ${subject.verb} ${object}`;
}
