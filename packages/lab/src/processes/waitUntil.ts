import { setTimeout as delay } from 'node:timers/promises';

/** How long, and how often, something is waited for. */
export type WaitOptions = {
  /** Completes "Waited N s for ...". */
  what: string;
  timeoutMs: number;
  intervalMs?: number;
  signal?: AbortSignal;
};

/** Resolves with the first value that is neither undefined nor false; throws of the check count as "not yet". */
export async function waitUntil<T>(
  check: () => Promise<T | undefined | false>,
  options: WaitOptions,
): Promise<T> {
  const { what, timeoutMs, intervalMs = 100, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await check();
      if (value !== undefined && value !== false) {
        return value;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > deadline) {
      const cause = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new Error(`Waited ${timeoutMs / 1000} s for ${what}${cause}`);
    }
    await delay(intervalMs, undefined, { signal });
  }
}
