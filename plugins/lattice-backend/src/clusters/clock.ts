/**
 * Time as the backend sees it. Injected everywhere, so that tests never wait in real time.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For people and for time stamps on objects. */
  now(): number;
  /** Monotonic milliseconds. For every deadline: the wall clock may jump. */
  monotonic(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  setTimer(callback: () => void, ms: number): () => void;
}

/** The real clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, ms) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
export function sleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    let cancel = () => {};
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    cancel = clock.setTimer(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
