import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import {
  MAX_GUARDED_BODY_BYTES,
  readAccessWrite,
  WriteGuard,
} from './AccessWrite';

/** The body to send on, exactly as it was read, or the answer in place of the API server's. */
export type GuardedBody =
  | { readonly body: Readable | undefined }
  | {
      readonly refusal: {
        readonly code: number;
        readonly reason: string;
        readonly message: string;
      };
    };

/**
 * Holds one write back until it is known whole and allowed. What cannot be read is refused: a chart can render
 * something else for helm than it did for the scan, so that this is where it is decided.
 */
export async function guardWrite(
  guard: WriteGuard,
  { request, path }: { request: IncomingMessage; path: string },
): Promise<GuardedBody> {
  const body = await readAll(request);
  if (!body) {
    return refusal(413, 'RequestEntityTooLarge', 'the object is too large');
  }
  const { headers, method = '' } = request;
  let why: string | undefined;
  try {
    why = guard(
      readAccessWrite({
        method,
        path,
        contentType: headers['content-type'] ?? '',
        contentEncoding: headers['content-encoding'],
        body,
      }),
    );
  } catch (error) {
    why = `Lattice does not let this write pass: ${(error as Error).message}`;
  }
  return why === undefined
    ? { body: body.length > 0 ? Readable.from([body]) : undefined }
    : refusal(403, 'Forbidden', why);
}

function refusal(code: number, reason: string, message: string): GuardedBody {
  return { refusal: { code, reason, message } };
}

async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_GUARDED_BODY_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
