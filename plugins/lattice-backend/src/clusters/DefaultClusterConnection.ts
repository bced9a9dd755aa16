import { LoggerService } from '@backstage/backend-plugin-api';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { AccessProxy } from '../access/AccessProxy';
import { WriteGuard } from '../access/AccessWrite';
import { openClusterAccess } from '../access/openClusterAccess';
import { Leadership } from '../controllers/leadership';
import { LatticeMetrics } from '../metrics';
import { Clock } from './clock';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  hasEstablishedCondition,
} from './detectEngines';
import { ClusterTransport } from './HttpTransport';
import { ProfileReader } from './ProfileReader';
import { ReadProfile, readProfile } from './readProfile';
import { HttpResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { ResourceWatchTiming } from './watchTiming';
import { WorkUnderWay } from './WorkUnderWay';
import {
  ClusterAccess,
  ClusterClient,
  ClusterConnection,
  Impersonation,
  ResourceCache,
  ResourceKind,
} from './types';

/** What a connection is built from. */
export interface DefaultClusterConnectionOptions {
  readonly name: string;
  readonly mode: 'observe' | 'reconcile';
  readonly client: ClusterClient;
  /** For writes and for helm. */
  readonly transport: ClusterTransport;
  /** For the caches; may be the same. */
  readonly readTransport: ClusterTransport;
  readonly leadership: Leadership;
  readonly proxy: AccessProxy;
  readonly work: WorkUnderWay;
  readonly logger: LoggerService;
  readonly metrics: LatticeMetrics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing?: ResourceWatchTiming;
  /** Where Istio's mesh configuration is looked for. */
  readonly rootNamespace: string;
  /** Called after every change of any cache. */
  readonly onRevision: () => void;
}

/** `ClusterConnection` over HTTP. */
export class DefaultClusterConnection implements ClusterConnection {
  readonly name: string;
  readonly mode: 'observe' | 'reconcile';
  readonly client: ClusterClient;
  readonly #options: DefaultClusterConnectionOptions;
  readonly #reader: HttpResourceReader;
  readonly #watches = new Map<string, ResourceWatch>();
  #profile: ProfileReader | undefined;
  #revision = 0;
  #isStopped = false;

  constructor(options: DefaultClusterConnectionOptions) {
    this.name = options.name;
    this.mode = options.mode;
    this.client = options.client;
    this.#options = options;
    this.#reader = new HttpResourceReader({
      cluster: options.name,
      transport: options.readTransport,
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get setUp(): ReadProfile | undefined {
    return this.#profile?.profile;
  }

  /** Begins to watch what tells which engines there are, and wakes the caches of kinds that appear. */
  start(): void {
    const { readTransport: transport, rootNamespace } = this.#options;
    this.#profile ??= new ProfileReader({
      ...this.#options,
      definitions: this.cache(CUSTOM_RESOURCE_DEFINITIONS),
      read: signal =>
        readProfile({ cluster: this.name, transport, rootNamespace, signal }),
    });
    this.#profile.start();
  }

  /** The caches that have been asked for so far. */
  get caches(): readonly ResourceCache[] {
    return [...this.#watches.values()];
  }

  beginWork(): () => void {
    return this.#options.work.begin();
  }

  cache(kind: ResourceKind): ResourceCache {
    const id = `${kind.apiVersion}/${kind.plural}`;
    let watch = this.#watches.get(id);
    if (!watch) {
      watch = this.#createWatch(kind);
      this.#watches.set(id, watch);
      if (!this.#isStopped) {
        watch.start();
      }
    }
    return watch;
  }

  async openAccess(
    as: Impersonation,
    guard?: WriteGuard,
  ): Promise<ClusterAccess> {
    const { proxy, transport, leadership, metrics } = this.#options;
    return openClusterAccess(proxy, {
      cluster: this.name,
      transport,
      as,
      guard,
      mayForward: () => !this.#isStopped && leadership.isLeader(),
      onLoss: listener =>
        leadership.onChange(isLeader => {
          if (!isLeader) {
            listener();
          }
        }),
      onRequest: () => metrics.countAccessRequest(this.name),
    });
  }

  /** Ends all watches; resolves when nothing is under way. Caches keep what they last held. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([
      this.#profile?.stop(),
      ...[...this.#watches.values()].map(watch => watch.stop()),
    ]);
    const { transport, readTransport } = this.#options;
    await Promise.all(
      [...new Set([transport, readTransport])].map(it => it.close()),
    );
  }

  #createWatch(kind: ResourceKind): ResourceWatch {
    const { logger, clock, random, timing } = this.#options;
    const watch = new ResourceWatch({
      kind,
      reader: this.#reader,
      logger,
      clock,
      random,
      timing,
    });
    watch.onChange(() => this.#noteRevision());
    watch.onComplete(() => this.#noteRevision());
    if (kind.plural === CUSTOM_RESOURCE_DEFINITIONS.plural) {
      watch.onChange(({ after }) => this.#noteDefinition(after));
    }
    return watch;
  }

  #noteRevision(): void {
    this.#revision += 1;
    this.#options.onRevision();
  }

  /** A kind that has just been defined need not wait for the next slow attempt. */
  #noteDefinition(definition: KubernetesObject | undefined): void {
    if (!definition || !hasEstablishedCondition(definition)) {
      return;
    }
    const spec = definition.spec as {
      group?: string;
      names?: { plural?: string };
    };
    for (const watch of this.#watches.values()) {
      const isOfKind =
        watch.kind.plural === spec.names?.plural &&
        watch.kind.apiVersion.startsWith(`${spec.group}/`);
      if (isOfKind && !watch.isComplete) {
        watch.retryNow();
      }
    }
  }
}
