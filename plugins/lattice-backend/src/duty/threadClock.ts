import { Clock, systemClock } from '../clusters/clock';

/**
 * The real clock, with a monotonic time that every thread of this process reads the same: `performance.now()` starts
 * anew in each thread, `process.hrtime` is the time of the machine.
 */
export const threadClock: Clock = {
  ...systemClock,
  monotonic: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
};
