import { ClusterErrorReason } from './types';
import { isClusterError } from './ClusterError';

/** What a failure means for a watch cache. */
export interface WatchFailure {
  /** Events may have been missed, or the kind is gone: everything must be listed again. */
  readonly losesTrack: boolean;
  /** `slowly`: the kind is not served; `atOnce`: only the version was too old; `later`: with back-off. */
  readonly retry: 'atOnce' | 'later' | 'slowly';
  /** The server asked to wait this long. */
  readonly retryAfterMs: number;
  /** For people. */
  readonly explanation: string;
}

/** After these a watch cannot be resumed where it was; after a mere loss of contact the server sends again. */
const gapReasons: ReadonlySet<ClusterErrorReason> = new Set<ClusterErrorReason>(
  ['Gone', 'ServerError', 'Invalid'],
);

/** Reads off an error what a watch cache must do next. */
export function classifyWatchFailure(error: unknown): WatchFailure {
  if (!isClusterError(error)) {
    return {
      losesTrack: false,
      retry: 'later',
      retryAfterMs: 0,
      explanation: error instanceof Error ? error.message : 'unknown error',
    };
  }
  const isNotServed = error.reason === 'NotFound';
  const hasGap = error.verb === 'watch' && gapReasons.has(error.reason);
  return {
    losesTrack: isNotServed || hasGap,
    retry: retryOf(error.reason),
    retryAfterMs: error.retryAfterMs ?? 0,
    explanation: error.message,
  };
}

function retryOf(reason: ClusterErrorReason): WatchFailure['retry'] {
  if (reason === 'NotFound') {
    return 'slowly';
  }
  return reason === 'Gone' ? 'atOnce' : 'later';
}
