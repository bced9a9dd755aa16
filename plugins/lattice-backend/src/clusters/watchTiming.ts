import { BackoffOptions } from './backoff';

/** Times of a watch. Tests shorten them. */
export interface ResourceWatchTiming {
  /** How long the server is asked to keep one watch open; a random value between the two. */
  readonly watchSeconds: { readonly min: number; readonly max: number };
  /** The client gives up this long after the server should have ended the watch. */
  readonly graceMs: number;
  /** Longest silence; servers send a bookmark about every minute. Finds half-open connections. */
  readonly silenceMs: number;
  readonly backoff: BackoffOptions;
  /** Between attempts at a kind that is not served. */
  readonly notServedMs: number;
}

/** Times for real API servers. */
export const DEFAULT_WATCH_TIMING: ResourceWatchTiming = {
  watchSeconds: { min: 300, max: 600 },
  graceMs: 5_000,
  silenceMs: 100_000,
  backoff: { baseMs: 500, maxMs: 30_000 },
  notServedMs: 30_000,
};
