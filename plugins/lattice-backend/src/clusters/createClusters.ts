import { LoggerService } from '@backstage/backend-plugin-api';
import { ChangeSignal } from '@lattice-portal/backstage-plugin-lattice-common';
import { AccessProxy } from '../access/AccessProxy';
import {
  Leadership,
  LeaseTiming,
  noLeadership,
} from '../controllers/leadership';
import { DutyRoom } from '../duty/DutyRoom';
import { DutyThreadOptions } from '../duty/startDutyThread';
import { LatticeMetrics, noMetrics } from '../metrics';
import { BackoffOptions } from './backoff';
import { ChangeSignals } from './ChangeSignals';
import { Clock, sleep, systemClock } from './clock';
import { ClusterConfig } from './ClusterConfig';
import { ClusterIdentities } from './ClusterIdentities';
import { DefaultClusterConnection } from './DefaultClusterConnection';
import { identifyCluster } from './identifyCluster';
import { Listeners } from './Listeners';
import { openCluster } from './openCluster';
import { ResourceWatchTiming } from './watchTiming';
import { ClusterConnection } from './types';

/** How one cluster is doing. */
export interface ClusterState {
  readonly name: string;
  readonly mode: 'observe' | 'reconcile';
  /** UID of its namespace kube-system; absent until it has been reached once. */
  readonly uid?: string;
  /** Why it cannot be used, for people. */
  readonly error?: string;
  /** The cluster is not used at all, for example because another name points at it. */
  readonly isRefused: boolean;
  readonly isLeader: boolean;
}

/** All clusters that this process knows. */
export interface Clusters {
  /** Those in use, in the order of the configuration; a cluster that is away is in it, a refused one is not. */
  list(): ClusterConnection[];
  get(name: string): ClusterConnection | undefined;
  /** Every configured cluster, also those that cannot be used. */
  states(): ClusterState[];
  /** Who acts on a cluster; nobody on one that is only observed or not known. */
  leadership(name: string): Leadership;
  /** Adds a cluster that the configuration does not name. Before `start` alone; a name that is taken is an error. */
  add(config: ClusterConfig): void;
  /** Resolves when every cluster has been reached once, or after a short time. Never rejects. */
  start(): Promise<void>;
  /** Resolves when all work has ended, at the latest after a deadline. Gives up the Leases: stop controllers first. */
  stop(): Promise<void>;
  /** Told at most once a second and cluster, and always after the last change. */
  onChange(listener: (signal: ChangeSignal) => void): () => void;
}

/** What the clusters are built from. */
export interface CreateClustersOptions {
  readonly clusters: readonly ClusterConfig[];
  /**
   * Whether controllers run in this process. If not, it stands for no Lease, loads no credential for acting and writes
   * nothing, whatever the mode of a cluster. Default: true.
   */
  readonly areControllersEnabled?: boolean;
  readonly logger: LoggerService;
  readonly metrics?: LatticeMetrics;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly watchTiming?: ResourceWatchTiming;
  readonly leaseTiming?: LeaseTiming;
  /** Set to renew Leases in a thread of its own, which no long computation delays. */
  readonly leaseThread?: DutyThreadOptions;
  /** How long `start` waits for clusters that are away. */
  readonly startDeadlineMs?: number;
  readonly stopDeadlineMs?: number;
}

interface Member {
  readonly config: ClusterConfig;
  readonly connection?: DefaultClusterConnection;
  readonly leadership: Leadership;
  readonly signals?: ChangeSignals;
  /** Why there is no connection. */
  readonly configError?: string;
  reachError?: string;
}

const IDENTIFY_BACKOFF: BackoffOptions = { baseMs: 500, maxMs: 30_000 };

class DefaultClusters implements Clusters {
  readonly #options: CreateClustersOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #metrics: LatticeMetrics;
  readonly #proxy: AccessProxy;
  readonly #duty: DutyRoom;
  readonly #members: Member[];
  readonly #identities: ClusterIdentities;
  readonly #signals: Listeners<ChangeSignal>;
  readonly #stopping = new AbortController();
  readonly #identifying: Promise<void>[] = [];
  #isStarted = false;

  constructor(options: CreateClustersOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#metrics = options.metrics ?? noMetrics;
    this.#proxy = new AccessProxy({ logger: options.logger });
    this.#duty = new DutyRoom({
      logger: options.logger,
      thread: options.leaseThread,
      clock: options.clock,
      random: this.#random,
    });
    this.#signals = new Listeners('the change signals', options.logger);
    this.#members = options.clusters.map(config => this.#createMember(config));
    this.#identities = new ClusterIdentities(options.clusters);
  }

  list(): ClusterConnection[] {
    return this.#usable().map(member => member.connection);
  }

  get(name: string): ClusterConnection | undefined {
    return this.list().find(connection => connection.name === name);
  }

  states(): ClusterState[] {
    return this.#members.map(
      ({ config, configError, reachError, leadership }) => {
        const refusal = this.#identities.refusalOf(config.name);
        return {
          name: config.name,
          mode: config.mode,
          uid: this.#identities.uidOf(config.name),
          error: configError ?? refusal ?? reachError ?? leadership.error,
          isRefused: Boolean(configError ?? refusal),
          isLeader: leadership.isLeader(),
        };
      },
    );
  }

  leadership(name: string): Leadership {
    const member = this.#members.find(({ config }) => config.name === name);
    return member?.leadership ?? noLeadership();
  }

  onChange(listener: (signal: ChangeSignal) => void): () => void {
    return this.#signals.add(listener);
  }

  add(config: ClusterConfig): void {
    if (this.#isStarted) {
      throw new Error('clusters are added before the start');
    }
    if (this.#members.some(({ config: { name } }) => name === config.name)) {
      throw new Error(`there is a cluster ${config.name} already`);
    }
    this.#members.push(this.#createMember(config));
    this.#identities.add(config);
  }

  async start(): Promise<void> {
    if (this.#isStarted) {
      return;
    }
    this.#isStarted = true;
    for (const member of this.#usable()) {
      member.connection.start();
      this.#identifying.push(this.#identify(member));
    }
    const deadlineMs = this.#options.startDeadlineMs ?? 3_000;
    await this.#withDeadline(Promise.all(this.#identifying), deadlineMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the clusters stop'));
    const deadlineMs = this.#options.stopDeadlineMs ?? 10_000;
    await this.#withDeadline(this.#end(), deadlineMs);
  }

  async #end(): Promise<void> {
    // First: nothing of a child may arrive once the Lease is given up and a successor acts.
    await this.#proxy.close();
    await Promise.allSettled(
      this.#members.map(async member => {
        member.signals?.stop();
        await member.leadership.stop();
        await member.connection?.stop();
      }),
    );
    await this.#duty.close();
    await Promise.all(this.#identifying);
  }

  #usable(): Array<Member & { connection: DefaultClusterConnection }> {
    return this.#members.filter(
      (member): member is Member & { connection: DefaultClusterConnection } =>
        member.connection !== undefined &&
        this.#identities.refusalOf(member.config.name) === undefined,
    );
  }

  #createMember(config: ClusterConfig): Member {
    const { logger, watchTiming, leaseTiming } = this.#options;
    const { areControllersEnabled = true } = this.#options;
    try {
      const opened = openCluster(config, {
        isActing: config.mode === 'reconcile' && areControllersEnabled,
        logger: logger.child({ cluster: config.name }),
        clock: this.#clock,
        random: this.#random,
        metrics: this.#metrics,
        proxy: this.#proxy,
        duty: this.#duty,
        id: () => this.#identities.uidOf(config.name) ?? config.name,
        watchTiming,
        leaseTiming,
        onChange: () => this.#emit(config.name),
      });
      return { config, ...opened };
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown error';
      logger.error(`Cluster ${config.name} cannot be used: ${message}`);
      return { config, configError: message, leadership: noLeadership() };
    }
  }

  /** Learns who a cluster is; only then may anybody act on it. Never rejects. */
  async #identify(
    member: Member & { connection: DefaultClusterConnection },
  ): Promise<void> {
    const uid = await this.#askIdentity(member);
    if (uid === undefined) {
      return;
    }
    member.reachError = undefined;
    for (const name of this.#identities.record(member.config.name, uid)) {
      await this.#refuse(name);
    }
    if (!this.#identities.refusalOf(member.config.name)) {
      member.leadership.start();
    }
  }

  async #askIdentity(
    member: Member & { connection: DefaultClusterConnection },
  ): Promise<string | undefined> {
    return identifyCluster({
      client: member.connection.client,
      signal: this.#stopping.signal,
      clock: this.#clock,
      random: this.#random,
      backoff: IDENTIFY_BACKOFF,
      onFailure: message => {
        if (member.reachError === undefined) {
          this.#options.logger.warn(
            `Cluster ${member.config.name} is away: ${message}`,
          );
        }
        member.reachError = message;
      },
    });
  }

  async #refuse(name: string): Promise<void> {
    const member = this.#members.find(({ config }) => config.name === name);
    this.#options.logger.error(
      this.#identities.refusalOf(name) ?? `Cluster ${name} is refused`,
    );
    await member?.leadership.stop();
    await member?.connection?.stop();
  }

  #emit(cluster: string): void {
    const revision = this.get(cluster)?.revision;
    if (revision !== undefined) {
      this.#signals.tell({ cluster, revision });
    }
  }

  async #withDeadline(work: Promise<unknown>, ms: number): Promise<void> {
    const done = new AbortController();
    const settled = work
      .catch(error =>
        this.#options.logger.error('Clusters: unexpected failure', error),
      )
      .finally(() => done.abort());
    await Promise.race([settled, sleep(this.#clock, ms, done.signal)]);
  }
}

/** Creates the connections. Nothing is contacted before `start`, and one bad configuration spoils no other cluster. */
export function createClusters(options: CreateClustersOptions): Clusters {
  return new DefaultClusters(options);
}
