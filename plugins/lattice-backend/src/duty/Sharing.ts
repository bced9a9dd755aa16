import { Clock } from '../clusters/clock';
import { LeaseShare } from '../controllers/leadershipTypes';
import { assignClusters } from './assignClusters';
import { SharingTiming } from './sharingTiming';

interface Seen {
  replicas: readonly string[];
  /** Who held the Lease last. */
  holder: string | undefined;
  /** Set while the Lease is free: who does not hold it any more. */
  gone: string | undefined;
}

/** What this replica knows of all the clusters it stands for, and whose turn it is on each. */
export class Sharing {
  readonly identity: string;
  readonly #seen = new Map<string, Seen>();
  #assigned: Map<string, string> | undefined;

  constructor(identity: string) {
    this.identity = identity;
  }

  /** The replicas that are there on a cluster; undefined = not known, which leaves the cluster out of the sharing. */
  noteReplicas(cluster: string, replicas: readonly string[] | undefined): void {
    if (replicas === undefined) {
      this.#seen.delete(cluster);
    } else {
      const { holder, gone } = this.#seen.get(cluster) ?? {};
      this.#seen.set(cluster, { replicas, holder, gone });
    }
    this.#assigned = undefined;
  }

  /** Whoever let a Lease run out or gave it up is not its next holder, even though its presence may still stand. */
  noteHolder(cluster: string, holder: string, isExpired: boolean): void {
    const seen = this.#seen.get(cluster);
    if (!seen) {
      return;
    }
    const isFree = holder === '' || isExpired;
    seen.holder = holder === '' ? seen.holder : holder;
    const gone = isFree ? seen.holder : undefined;
    if (seen.gone !== gone) {
      seen.gone = gone;
      this.#assigned = undefined;
    }
  }

  /** Whose turn it is; this replica's own where nothing is known of others. */
  preferred(cluster: string): string {
    this.#assigned ??= assignClusters(
      new Map(
        [...this.#seen].map(([name, { replicas, gone }]) => [
          name,
          replicas.filter(replica => replica !== gone),
        ]),
      ),
    );
    return this.#assigned.get(cluster) ?? this.identity;
  }
}

/** What one cluster's part is built from. */
export interface ClusterShareOptions {
  readonly sharing: Sharing;
  readonly cluster: string;
  readonly clock: Clock;
  readonly timing: SharingTiming;
  /** Called after each renewal while another replica should hold the Lease. */
  readonly onHandOverWish: () => void;
}

/** One cluster's part of the sharing, for its election. */
export class ClusterShare implements LeaseShare {
  readonly graceMs: number;
  readonly #options: ClusterShareOptions;
  #strangerSince: number | undefined;
  #pausedUntil = 0;

  constructor(options: ClusterShareOptions) {
    this.#options = options;
    this.graceMs = options.timing.graceMs;
  }

  noteHolder(holder: string, isExpired: boolean): void {
    const { sharing, cluster } = this.#options;
    sharing.noteHolder(cluster, holder, isExpired);
    if (holder !== sharing.identity) {
      this.#strangerSince = undefined;
    }
  }

  isPreferred(): boolean {
    const { sharing, cluster } = this.#options;
    return sharing.preferred(cluster) === sharing.identity;
  }

  /** Asks to hand over when it has been another's turn for long enough. */
  noteHeld(): void {
    const { clock, timing, onHandOverWish } = this.#options;
    const now = clock.monotonic();
    if (this.isPreferred()) {
      this.#strangerSince = undefined;
      return;
    }
    this.#strangerSince ??= now;
    if (
      now - this.#strangerSince >= timing.settleMs &&
      now >= this.#pausedUntil
    ) {
      onHandOverWish();
    }
  }

  /** The next handover of this cluster has to wait. */
  noteHandOver(): void {
    const { clock, timing } = this.#options;
    this.#strangerSince = undefined;
    this.#pausedUntil = clock.monotonic() + timing.pauseMs;
  }
}
