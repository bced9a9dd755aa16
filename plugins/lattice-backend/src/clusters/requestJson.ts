import { RequestSubject } from './ClusterError';
import { ClusterTransport, TransportResponse } from './HttpTransport';
import { translateFailure, unreachable } from './translateFailure';
import { Impersonation } from './types';

/** One request whose answer is a JSON document. */
export interface JsonRequest {
  readonly subject: RequestSubject;
  readonly method: string;
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly as?: Impersonation;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  /** Told how many bytes the answer had. */
  readonly onBody?: (bytes: number) => void;
}

/** A page of 500 of the largest objects that etcd takes (1.5 MB) would be more; none comes near it. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;
const MAX_FAILURE_BYTES = 64 * 1024;

/**
 * Sends a request and reads the JSON answer.
 *
 * @throws ClusterError for everything that goes wrong, except that the caller's own abort is thrown as the signal's reason.
 */
export async function requestJson(
  transport: ClusterTransport,
  request: JsonRequest,
): Promise<unknown> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal
    ? AbortSignal.any([request.signal, deadline])
    : deadline;
  const response = await guarded(request, deadline, () =>
    transport.request({
      method: request.method,
      path: request.path,
      headers: headersOf(request),
      body:
        request.body === undefined ? undefined : JSON.stringify(request.body),
      as: request.as,
      signal,
    }),
  );
  if (response.statusCode >= 300) {
    throw await failureOf(request.subject, response);
  }
  const text = await guarded(request, deadline, () =>
    readText(response, MAX_BODY_BYTES),
  );
  request.onBody?.(text.length);
  return parseBody(request.subject, text);
}

/** The error for an answer that was not a success; consumes its body. */
export async function failureOf(
  subject: RequestSubject,
  response: TransportResponse,
) {
  let body = '';
  try {
    body = await readText(response, MAX_FAILURE_BYTES);
  } catch {
    // The body only adds detail; the HTTP status already says what happened.
  }
  const retryAfter = response.headers['retry-after'];
  return translateFailure(subject, {
    status: response.statusCode,
    body,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
  });
}

/** In words, why no answer came. Codes only: messages of the TLS layer may quote certificates. */
export function describeNetworkError(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') {
    return `the API server cannot be reached (${code})`;
  }
  return `the API server cannot be reached (${
    error instanceof Error ? error.name : 'unknown error'
  })`;
}

async function guarded<T>(
  request: JsonRequest,
  deadline: AbortSignal,
  exchange: () => Promise<T>,
): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    if (request.signal?.aborted) {
      throw request.signal.reason;
    }
    if (deadline.aborted) {
      throw unreachable(
        request.subject,
        `no answer within ${request.timeoutMs / 1000} s`,
      );
    }
    throw unreachable(request.subject, describeNetworkError(error));
  }
}

function headersOf(request: JsonRequest): Record<string, string> {
  const headers: Record<string, string> = {
    accept: request.accept ?? 'application/json',
  };
  if (request.body !== undefined) {
    headers['content-type'] = request.contentType ?? 'application/json';
  }
  return headers;
}

async function readText(
  response: TransportResponse,
  limit: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.body.destroy();
      throw Object.assign(new Error('answer too large'), { code: 'TOO_LARGE' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(subject: RequestSubject, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw unreachable(subject, 'the answer is not valid JSON');
  }
}
