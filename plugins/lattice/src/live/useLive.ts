import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  ChangeSignal,
  ClusterResult,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { LiveFeed, LiveState } from './LiveFeed';

/** Poll of a visible tab when no signals arrive. */
export const POLL_WITHOUT_SIGNALS_MS = 15_000;
/** Poll of a visible tab beside signals: a lost connection loses signals silently. */
export const POLL_WITH_SIGNALS_MS = 60_000;

/** A question that is asked again whenever its answer may have changed. */
export interface LiveQuery<T> {
  /** Identity of the question; a new one starts over. */
  readonly id: string;
  load(): Promise<T>;
  /** Clusters that the answer speaks of, with their revisions. */
  clustersOf(answer: T): readonly ClusterResult[];
}

/** A live answer and the way to ask at once. */
export interface Live<T> extends LiveState<T> {
  reload(): void;
  /** False when the app has no signals; the screen then polls. */
  readonly hasSignals: boolean;
}

function readSignal(message: {
  cluster?: unknown;
  revision?: unknown;
}): ChangeSignal | undefined {
  const { cluster, revision } = message;
  return typeof cluster === 'string' && typeof revision === 'number'
    ? { cluster, revision }
    : undefined;
}

/** Timers are never exact; a tick this early counts as due. */
const TIMER_SLACK_MS = 500;

/** Asks again in a visible tab when it is due: soon after a failure, else as often as signals allow. */
function watchVisibleTab(feed: LiveFeed<unknown>, everyMs: number) {
  const refresh = () => {
    const dueMs = feed.hasFailed() ? POLL_WITHOUT_SIGNALS_MS : everyMs;
    const isDue = feed.sinceAsked() >= dueMs - TIMER_SLACK_MS;
    if (document.visibilityState === 'visible' && isDue) feed.reload();
  };
  const timer = setInterval(refresh, POLL_WITHOUT_SIGNALS_MS);
  document.addEventListener('visibilitychange', refresh);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', refresh);
  };
}

/**
 * Asks now, on every signal that concerns the answer, and on a slow timer while the tab is visible.
 *
 * @remarks
 * Subscribes to the signals API itself: `useSignal` keeps only the last message of a render, and with several clusters
 * the others would be lost.
 */
export function useLive<T>(query: LiveQuery<T>): Live<T> {
  const signals = useApiHolder().get(signalApiRef);
  const [held, setHeld] = useState<{ id: string; state: LiveState<T> }>();
  const feedRef = useRef<LiveFeed<T>>();
  const queryRef = useRef(query);
  queryRef.current = query;
  const { id } = query;

  useEffect(() => {
    const feed = new LiveFeed<T>({
      load: () => queryRef.current.load(),
      revisionsOf: answer =>
        new Map(
          queryRef.current
            .clustersOf(answer)
            .map(({ cluster, revision }) => [cluster, revision]),
        ),
      onState: state => setHeld({ id, state }),
      now: () => Date.now(),
      schedule: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    });
    feedRef.current = feed;
    const subscription = signals?.subscribe(CHANGES_CHANNEL, message => {
      const signal = readSignal(message);
      if (signal) feed.announce(signal);
    });
    const stopWatching = watchVisibleTab(
      feed,
      signals ? POLL_WITH_SIGNALS_MS : POLL_WITHOUT_SIGNALS_MS,
    );
    feed.reload();
    return () => {
      subscription?.unsubscribe();
      stopWatching();
      feed.stop();
    };
  }, [id, signals]);

  const reload = useCallback(() => feedRef.current?.reload(), []);
  const state: LiveState<T> =
    held?.id === id ? held.state : { isLoading: true };
  return { ...state, reload, hasSignals: signals !== undefined };
}
