import { readFileSync, statSync } from 'node:fs';

/** What is read at most of one file: many times what an API server takes. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** A text, or why there is none. */
export type TextOutcome =
  | { readonly text: string }
  | { readonly problem: 'unreadable' | 'too-large' | 'not-text' };

/** Reads bytes as UTF-8; a byte-order mark is dropped. */
export function decodeText(bytes: Uint8Array): TextOutcome {
  if (bytes.byteLength > MAX_FILE_BYTES) {
    return { problem: 'too-large' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'not-text' };
  }
}

/** Reads a file. Never throws, and never takes more than {@link MAX_FILE_BYTES} into memory. */
export function readText(path: string): TextOutcome {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) {
      return { problem: 'too-large' };
    }
    return decodeText(readFileSync(path));
  } catch {
    return { problem: 'unreadable' };
  }
}
