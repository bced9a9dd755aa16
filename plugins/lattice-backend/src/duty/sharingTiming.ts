import { LeaseTiming } from '../controllers/leadershipTypes';

/** Times of sharing clusters among replicas. */
export interface SharingTiming {
  /** A replica counts as there this long after its presence last changed. */
  readonly presenceMs: number;
  readonly announceMs: number;
  /** What is left of a replica that is gone for so long is removed. */
  readonly forgetMs: number;
  /** How long a Lease stands free before a replica takes it whose turn it is not. */
  readonly graceMs: number;
  /** A holder hands over once it has been another's turn for so long. */
  readonly settleMs: number;
  /** After handing over, the Lease is left alone for so long unless it is our turn again. */
  readonly abstainMs: number;
  /** Between two handovers of the same cluster. */
  readonly pauseMs: number;
}

/** Times that fit those of the Lease; with the usual 15 s, presence is renewed every 10 s and counts for 30 s. */
export function sharingTimingOf(lease: LeaseTiming): SharingTiming {
  return {
    presenceMs: 2 * lease.leaseMs,
    announceMs: (2 / 3) * lease.leaseMs,
    forgetMs: 40 * lease.leaseMs,
    graceMs: 2.5 * lease.retryMs,
    settleMs: 2 * lease.leaseMs,
    abstainMs: 10 * lease.retryMs,
    pauseMs: 20 * lease.leaseMs,
  };
}
