import { Clock, sleep, systemClock } from './clock';
import { NOT_LISTED } from './watchReasons';
import { ResourceCache } from './types';

const LOOK_AGAIN_MS = 50;

/** Whether a cache has heard from its cluster: everything, or that there is nothing to be heard. */
export function hasAnswered(
  cache: Pick<ResourceCache, 'isComplete' | 'error'>,
): boolean {
  return cache.isComplete || cache.error !== NOT_LISTED;
}

/**
 * Resolves when the first list of each cache has ended, well or not: a cluster that is away holds nobody up. At the
 * latest after the deadline, with false.
 */
export async function firstListsEnded(
  caches: readonly Pick<ResourceCache, 'isComplete' | 'error'>[],
  options: { deadlineMs: number; clock?: Clock },
): Promise<boolean> {
  const { deadlineMs, clock = systemClock } = options;
  const deadline = clock.monotonic() + deadlineMs;
  // Failures are not announced by caches, so they are asked; only while a process starts.
  while (!caches.every(hasAnswered)) {
    if (clock.monotonic() >= deadline) {
      return false;
    }
    await sleep(clock, LOOK_AGAIN_MS);
  }
  return true;
}
