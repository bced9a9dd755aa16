import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a client may say to the API server. A list of what passes, not of what is cut: whoever reaches the proxy must
 * find no header that names a user, a group or a credential, whatever the API server may understand one day.
 */
const REQUEST_HEADERS: readonly string[] = [
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-length',
  'content-type',
  'if-match',
  'if-none-match',
  'user-agent',
];

/** Headers that belong to one connection alone (RFC 9110, 7.6.1), and those that would lead a client elsewhere. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'location',
  'set-cookie',
]);

/** The headers of a request that are forwarded. */
export function forwardedRequestHeaders(
  headers: IncomingHttpHeaders,
): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of REQUEST_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') {
      forwarded[name] = value;
    }
  }
  return forwarded;
}

/** The headers of an answer that are handed back. */
export function forwardedResponseHeaders(
  headers: IncomingHttpHeaders,
): Record<string, string | string[]> {
  const forwarded: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !CONNECTION_HEADERS.has(name)) {
      forwarded[name] = value;
    }
  }
  return forwarded;
}
