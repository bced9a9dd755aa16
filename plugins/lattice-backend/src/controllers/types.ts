import { LoggerService } from '@backstage/backend-plugin-api';
import { BackoffOptions } from '../clusters/backoff';
import { Clock } from '../clusters/clock';
import { ObjectChange } from '../clusters/ObjectStore';
import { ClusterConnection, ResourceCache } from '../clusters/types';
import { LatticeMetrics } from '../metrics';

/** Objects whose changes concern a controller, and how they map to its keys. */
export interface ControllerSource {
  readonly cache: ResourceCache;
  /** Keys to look at after a change; asked with `after` alone for each object at a resync. Pure. */
  readonly keysOf: (change: ObjectChange) => readonly string[];
  /** No pass begins before this cache has been complete once. */
  readonly required?: boolean;
}

/** What a controller is built from. */
export interface ControllerOptions {
  /** For logs and metrics, for example `package`. */
  readonly name: string;
  readonly cluster: ClusterConnection;
  readonly sources: readonly ControllerSource[];
  /**
   * Brings one key closer to what is wanted, reading the world anew. Resolves with when to look again, or nothing.
   * A rejection is logged and tried again after the key's back-off. The signal aborts at the time limit, when the
   * controller stops, and when it is no longer its turn to act.
   */
  readonly reconcile: (
    key: string,
    context: { readonly signal: AbortSignal },
  ) => Promise<{ requeueAfterMs?: number } | undefined | void>;
  /** Whether this process may act now. Asked before every pass, and once a second. */
  readonly isActive: () => boolean;
  /** Tells when `isActive` may have changed, for example `leadership.onChange`. Optional: it is also asked regularly. */
  readonly onActivityChange?: (listener: () => void) => () => void;
  readonly logger: LoggerService;
  readonly concurrency: number;
  /** Everything is looked at again after about this long; 10 minutes unless told. */
  readonly resyncMs?: number;
  /** Longest duration of one pass; 10 minutes unless told. */
  readonly timeLimitMs?: number;
  readonly backoff?: BackoffOptions;
  readonly metrics?: LatticeMetrics;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A running control loop over one cluster. */
export interface Controller {
  /** Begins; a second call does nothing. */
  start(): void;
  /** Aborts what is under way and resolves when it has ended. */
  stop(): Promise<void>;
  /** Asks for a pass over one key, for example because a user asked for it. */
  enqueue(key: string): void;
  /** Asks for a pass over every key. */
  resync(): void;
  /** Keys that wait. */
  readonly depth: number;
}
