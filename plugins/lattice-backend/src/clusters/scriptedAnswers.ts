import type { ServerResponse } from 'node:http';

/** Answers with a `Status`. */
export function answerStatus(
  response: ServerResponse,
  code: number,
  status: Record<string, unknown>,
  headers: Record<string, string> = {},
): void {
  answerJson(response, code, { kind: 'Status', code, ...status }, headers);
}

/** Answers with a JSON document. */
export function answerJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
