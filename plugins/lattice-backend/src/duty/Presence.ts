import { createHash } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock, sleep } from '../clusters/clock';
import { isClusterError } from '../clusters/ClusterError';
import { ClusterClient } from '../clusters/types';
import { LATTICE_NAMESPACE, LEASES } from '../controllers/leadershipTypes';
import {
  leaseToWrite,
  ObservedLease,
  observeLease,
} from '../controllers/leaseRules';
import { SharingTiming } from './sharingTiming';

/** Marks the Leases by which replicas say that they are there. */
export const PRESENCE_LABEL = 'portal.lattice.dev/presence';
const PRESENCE_SELECTOR = `${PRESENCE_LABEL}=replica`;
/** Attempts are this much rarer where the account may not do it. */
const REFUSED_FACTOR = 6;

/** What a presence is built from. */
export interface PresenceOptions {
  readonly client: ClusterClient;
  readonly identity: string;
  readonly timing: SharingTiming;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: LoggerService;
  readonly mayAnnounce: () => boolean;
  /** Told the replicas that are there after each look; undefined when that cannot be known. */
  readonly onReplicas: (replicas: readonly string[] | undefined) => void;
}

/** Says on one cluster that this replica is there, by a Lease of its own, and sees which others are. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #key: { namespace: string; name: string };
  readonly #stopping = new AbortController();
  readonly #observed = new Map<string, ObservedLease>();
  #loop: Promise<void> | undefined;
  #own: KubernetesObject | undefined;
  #isRefused = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#key = {
      namespace: LATTICE_NAMESPACE,
      name: presenceName(options.identity),
    };
  }

  /** Resolves after the first look, also when that failed. */
  async start(): Promise<void> {
    if (!this.#loop && !this.#stopping.signal.aborted) {
      const first = this.#oneRound();
      this.#loop = first.then(() => this.#run());
      await first;
    }
  }

  /** Takes the presence away, so that the others need not wait. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the presence ends'));
    await this.#loop;
    if (!this.#own) {
      return;
    }
    const { client, logger, timing } = this.#options;
    try {
      const signal = AbortSignal.timeout(timing.graceMs);
      await client.delete(LEASES, this.#key, { signal });
    } catch (error) {
      logger.debug(
        `The presence was left to run out: ${(error as Error).message}`,
      );
    }
  }

  async #run(): Promise<void> {
    const { clock, random, timing } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const factor = this.#isRefused ? REFUSED_FACTOR : 1;
      const pauseMs = timing.announceMs * factor * (0.9 + random() * 0.2);
      await sleep(clock, pauseMs, this.#stopping.signal);
      if (!this.#stopping.signal.aborted) {
        await this.#oneRound();
      }
    }
  }

  /** Never rejects. */
  async #oneRound(): Promise<void> {
    const { mayAnnounce, timing, onReplicas, logger } = this.#options;
    if (!mayAnnounce()) {
      return;
    }
    const signal = AbortSignal.any([
      this.#stopping.signal,
      AbortSignal.timeout(timing.graceMs),
    ]);
    try {
      await this.#announce(signal);
      onReplicas(await this.#look(signal));
      this.#isRefused = false;
    } catch (error) {
      if (
        isClusterError(error, 'Forbidden') ||
        isClusterError(error, 'NotFound')
      ) {
        this.#noteRefusal(error.message);
      } else if (!this.#stopping.signal.aborted) {
        // The election says that the cluster is away; what was seen last stays.
        logger.debug(`Replicas were not seen: ${(error as Error).message}`);
      }
    }
  }

  #noteRefusal(message: string): void {
    if (!this.#isRefused) {
      this.#options.logger.warn(
        `Clusters are not shared evenly among replicas: ${message}`,
      );
    }
    this.#isRefused = true;
    this.#options.onReplicas(undefined);
  }

  async #announce(signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    try {
      this.#own = await this.#write(this.#own, signal);
    } catch (error) {
      const isElsewise =
        isClusterError(error, 'Conflict') ||
        isClusterError(error, 'AlreadyExists') ||
        (isClusterError(error, 'NotFound') && error.isObjectMissing);
      if (!isElsewise) {
        throw error;
      }
      const current = await client.get(LEASES, this.#key, { signal });
      this.#own = await this.#write(current, signal);
    }
  }

  #write(
    current: KubernetesObject | undefined,
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    const { client, identity, timing, clock } = this.#options;
    const lease = leaseToWrite(current, {
      key: this.#key,
      identity,
      leaseMs: timing.presenceMs,
      now: new Date(clock.now()),
    });
    const labels = { ...lease.metadata.labels, [PRESENCE_LABEL]: 'replica' };
    const wanted = { ...lease, metadata: { ...lease.metadata, labels } };
    return current
      ? client.replace(LEASES, wanted, { signal })
      : client.create(LEASES, wanted, { signal });
  }

  async #look(signal: AbortSignal): Promise<string[]> {
    const { client, clock, timing, identity } = this.#options;
    const { items } = await client.list(LEASES, {
      namespace: LATTICE_NAMESPACE,
      labelSelector: PRESENCE_SELECTOR,
      signal,
    });
    const now = clock.monotonic();
    const previous = new Map(this.#observed);
    this.#observed.clear();
    const there = new Set([identity]);
    for (const lease of items) {
      const { name } = lease.metadata;
      const observed = observeLease(previous.get(name), lease, now);
      this.#observed.set(name, observed);
      const silentMs = now - observed.unchangedSince;
      if (observed.holder && silentMs < observed.durationMs) {
        there.add(observed.holder);
      } else if (silentMs >= timing.forgetMs) {
        await this.#forget(lease, signal);
      }
    }
    return [...there];
  }

  /** Removes what a dead replica left behind, unless it has come back. */
  async #forget(lease: KubernetesObject, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid, resourceVersion } = lease.metadata;
    try {
      await this.#options.client.delete(
        LEASES,
        { name, namespace: namespace ?? LATTICE_NAMESPACE },
        { uid, resourceVersion, signal },
      );
    } catch (error) {
      this.#options.logger.debug(
        `The presence ${name} of a replica that is gone was not removed: ${
          (error as Error).message
        }`,
      );
    }
  }
}

/** Name of a replica's presence. */
export function presenceName(identity: string): string {
  const hash = createHash('sha256').update(identity).digest('hex');
  return `lattice-portal-${hash.slice(0, 10)}`;
}
