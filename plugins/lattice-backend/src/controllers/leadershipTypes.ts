import { ResourceKind } from '../clusters/types';

/** Namespace of everything that belongs to the suite itself. */
export const LATTICE_NAMESPACE = 'lattice-system';
/** Name of the Lease that decides who acts on a cluster. */
export const LEASE_NAME = 'lattice-portal';

/** The kind of the objects that processes agree through. */
export const LEASES: ResourceKind = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

/** Who acts on one cluster. */
export interface Leadership {
  /** Whether this process may act at this very moment. */
  isLeader(): boolean;
  /** Milliseconds for which this process may still act unless it renews; 0 when it is not the leader. */
  deadlineMs(): number;
  /** Grows with every change of holder, as seen on the Lease; undefined when not leader. A fencing token. */
  readonly term: number | undefined;
  /** Why this process cannot lead, for people. Absent when all is well, also when another process leads. */
  readonly error: string | undefined;
  onChange(listener: (isLeader: boolean) => void): () => void;
  start(): void;
  /** Gives the Lease up, so that a successor need not wait. Stop all work first. */
  stop(): Promise<void>;
}

/** Times of a Lease. The holder stops before anybody else may begin: `actMs` < `leaseMs`. */
export interface LeaseTiming {
  /** Others wait this long without a renewal before they take over. */
  readonly leaseMs: number;
  /** The holder acts this long after the start of its last successful renewal. */
  readonly actMs: number;
  readonly renewMs: number;
  /** Between attempts of those who wait, and after a failed renewal. */
  readonly retryMs: number;
}

/** 15 s, of which the holder uses at most 10. */
export const DEFAULT_LEASE_TIMING: LeaseTiming = {
  leaseMs: 15_000,
  actMs: 10_000,
  renewMs: 5_000,
  retryMs: 2_000,
};

/** Where a holder's deadline is kept; in memory that two threads share, or in plain memory. */
export interface LeaseCell {
  /** Monotonic milliseconds until which this process may act. */
  actUntil: number;
  term: number;
}

/** What a replica knows of whose turn it is. It only advises who tries: the Lease alone decides. */
export interface LeaseShare {
  /** Takes note of who holds the Lease, and whether it has run out. */
  noteHolder(holder: string, isExpired: boolean): void;
  /** Whether this replica should hold the Lease. */
  isPreferred(): boolean;
  /** How long a Lease stands free before a replica that is not preferred takes it. */
  readonly graceMs: number;
  /** After each round that ended with the Lease in our hands. */
  noteHeld(): void;
}

/** Everything on one replica. */
export const NO_SHARE: LeaseShare = {
  noteHolder: () => undefined,
  isPreferred: () => true,
  graceMs: 0,
  noteHeld: () => undefined,
};
