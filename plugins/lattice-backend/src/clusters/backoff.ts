/** Bounds of an exponential back-off. */
export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Delay before attempt `failures + 1`: doubles with every failure up to the maximum, and is spread over its
 * upper half, so that many waiters do not come back in step.
 */
export function backoffMs(
  failures: number,
  options: BackoffOptions,
  random: () => number,
): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 30);
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** exponent);
  return ceiling / 2 + (random() * ceiling) / 2;
}
