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
import { HttpResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { ResourceWatchTiming } from './watchTiming';
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
  readonly logger: LoggerService;
  readonly metrics: LatticeMetrics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timing?: ResourceWatchTiming;
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
  #revision = 0;
  #workUnderWay = 0;
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

  /** The caches that have been asked for so far. */
  get caches(): readonly ResourceCache[] {
    return [...this.#watches.values()];
  }

  /** Nothing that acts on the cluster is under way. */
  get isIdle(): boolean {
    return this.#workUnderWay === 0;
  }

  beginWork(): () => void {
    this.#workUnderWay += 1;
    let isUnderWay = true;
    return () => {
      if (isUnderWay) {
        isUnderWay = false;
        this.#workUnderWay -= 1;
      }
    };
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
    await Promise.all([...this.#watches.values()].map(watch => watch.stop()));
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
