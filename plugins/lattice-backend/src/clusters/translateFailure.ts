import { z } from 'zod/v4';
import {
  ClusterError,
  ClusterErrorCause,
  RequestSubject,
} from './ClusterError';
import { ClusterErrorReason } from './types';

const statusSchema = z.object({
  kind: z.literal('Status'),
  reason: z.string().optional(),
  message: z.string().optional(),
  code: z.number().optional(),
  details: z
    .object({
      name: z.string().optional(),
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** A `Status` object of the API server, as far as it is read. */
export type ApiStatus = z.infer<typeof statusSchema>;

/** An answer that was not a success. */
export interface FailedAnswer {
  readonly status: number;
  /** Body as text; may be anything, also HTML of a proxy. Never shown. */
  readonly body: string;
  readonly retryAfter?: string;
}

const MESSAGE_LIMIT = 512;

const reasonsByStatus: Readonly<Record<number, ClusterErrorReason>> = {
  400: 'Invalid',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'Invalid',
  406: 'Invalid',
  409: 'Conflict',
  410: 'Gone',
  413: 'Invalid',
  415: 'Invalid',
  422: 'Invalid',
  429: 'Throttled',
};

/** The error for an answer that was not a success. Never holds the raw body. */
export function translateFailure(
  subject: RequestSubject,
  answer: FailedAnswer,
  now: () => number = Date.now,
): ClusterError {
  const status = parseStatus(answer.body);
  return errorFromStatus(subject, status, answer.status, {
    retryAfterMs:
      parseRetryAfter(answer.retryAfter, now) ??
      secondsToMs(status?.details?.retryAfterSeconds),
  });
}

/** The error for a `Status` object, also one that came as an ERROR event of a watch. */
export function errorFromStatus(
  subject: RequestSubject,
  status: ApiStatus | undefined,
  code: number,
  extra: { retryAfterMs?: number } = {},
): ClusterError {
  const reason = reasonOf(code, status);
  const causes = causesOf(status);
  return new ClusterError({
    ...subject,
    reason,
    status: code,
    retryAfterMs: extra.retryAfterMs,
    causes,
    explanation: explain(reason, code, status, causes),
    isObjectMissing:
      reason === 'NotFound' && Boolean(status?.details?.name?.length),
  });
}

/** The error for a request that got no answer. */
export function unreachable(
  subject: RequestSubject,
  explanation: string,
): ClusterError {
  return new ClusterError({ ...subject, reason: 'Unreachable', explanation });
}

/** Reads a `Status` object; undefined for anything else. */
export function parseStatus(body: string | unknown): ApiStatus | undefined {
  const parsed = statusSchema.safeParse(
    typeof body === 'string' ? parseJson(body) : body,
  );
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's HTML page, or a body cut short: the HTTP status alone decides then.
    return undefined;
  }
}

function reasonOf(
  code: number,
  status: ApiStatus | undefined,
): ClusterErrorReason {
  if (code === 409 && status?.reason === 'AlreadyExists') {
    return 'AlreadyExists';
  }
  if (status?.reason === 'Expired') {
    return 'Gone';
  }
  return reasonsByStatus[code] ?? 'ServerError';
}

function causesOf(status: ApiStatus | undefined): ClusterErrorCause[] {
  return (status?.details?.causes ?? []).map(cause => ({
    field: cause.field,
    reason: cause.reason,
    manager:
      cause.reason === 'FieldManagerConflict'
        ? managerOf(cause.message)
        : undefined,
  }));
}

/** The manager stands nowhere but in the sentence `conflict with "<manager>" ...`. */
function managerOf(message: string | undefined): string | undefined {
  return /^conflicts? with "([^"]{1,128})"/.exec(message ?? '')?.[1];
}

function explain(
  reason: ClusterErrorReason,
  code: number,
  status: ApiStatus | undefined,
  causes: readonly ClusterErrorCause[],
): string {
  const named = causes.map(describeCause).filter(text => text !== '');
  if (reason === 'Conflict' && named.length) {
    return `conflict: ${named.join(', ')}`;
  }
  if (reason === 'Invalid' || reason === 'ServerError') {
    // Such messages quote the values that were sent, or internals of the server: only fields are named.
    return named.length
      ? `refused with HTTP ${code}: ${named.join(', ')}`
      : `the API server answered HTTP ${code}${reasonSuffix(status)}`;
  }
  const message = status?.message?.slice(0, MESSAGE_LIMIT);
  return message || `the API server answered HTTP ${code}`;
}

function reasonSuffix(status: ApiStatus | undefined): string {
  return status?.reason ? ` (${status.reason.slice(0, 64)})` : '';
}

function describeCause(cause: ClusterErrorCause): string {
  const field = cause.field ?? '';
  if (cause.manager) {
    return `${field} is owned by ${cause.manager}`;
  }
  return [field, cause.reason].filter(Boolean).join(' ');
}

function parseRetryAfter(
  value: string | undefined,
  now: () => number,
): number | undefined {
  if (!value) {
    return undefined;
  }
  if (/^\d{1,6}$/.test(value.trim())) {
    return Number(value) * 1000;
  }
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now());
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}
