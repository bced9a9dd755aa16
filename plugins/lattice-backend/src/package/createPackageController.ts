import { randomUUID } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import { SYSTEM_NAMESPACE } from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartSource,
  Helm,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { CedarPolicies } from '../cedar';
import { Clock } from '../clusters/clock';
import { ClusterConnection } from '../clusters/types';
import { Controller, createController } from '../controllers/createController';
import { Leadership } from '../controllers/leadership';
import { LatticeMetrics } from '../metrics';
import { Digests, loadDigests } from '../secrets';
import { HelmOperator } from './HelmOperator';
import { PackageRules } from './packageContext';
import { PackageReconciler } from './PackageReconciler';
import { packageSources } from './packageSources';
import { ChartPreparation } from './prepareChart';

/** What the package controller of one cluster is built from. */
export interface PackageControllerOptions {
  readonly connection: ClusterConnection;
  readonly leadership: Pick<Leadership, 'isLeader' | 'onChange'>;
  readonly helm: Helm;
  readonly charts: ChartSource;
  readonly cedar: CedarPolicies;
  readonly config: PackageRules;
  readonly logger: LoggerService;
  readonly now?: () => Date;
  readonly newId?: () => string;
  readonly metrics?: LatticeMetrics;
  readonly clock?: Clock;
  /** Where the key of digests lies; `lattice-system` unless told. */
  readonly systemNamespace?: string;
}

const CONCURRENCY = 4;
const POLICIES_WAIT_MS = 5_000;
/** A pass may run helm, which has limits of its own; this one is for what hangs. */
const TIME_LIMIT_MS = 40 * 60_000;

/** Installs, upgrades, heals and removes the packages of one cluster. */
export function createPackageController(
  options: PackageControllerOptions,
): Controller {
  const { connection, leadership, cedar } = options;
  const isActive = () =>
    connection.mode === 'reconcile' && leadership.isLeader();
  const reconciler = new PackageReconciler({
    connection,
    helm: options.helm,
    charts: options.charts,
    preparation: new ChartPreparation(),
    operator: new HelmOperator(connection, options.helm, cedar),
    cedar,
    rules: options.config,
    digests: onceLoaded(signal =>
      loadDigests(
        connection.client,
        options.systemNamespace ?? SYSTEM_NAMESPACE,
        signal,
      ),
    ),
    isLeader: isActive,
    now: options.now ?? (() => new Date()),
    newId: options.newId ?? randomUUID,
  });
  const controller = createController({
    name: 'package',
    cluster: connection,
    sources: packageSources(connection),
    reconcile: async (key, { signal }) =>
      // Every question would be denied for a moment, and every package of the cluster would say so. The end of the
      // reading calls for all of them.
      cedar.isReading
        ? { requeueAfterMs: POLICIES_WAIT_MS }
        : await reconciler.reconcile(key, signal),
    isActive,
    onActivityChange: listener => leadership.onChange(listener),
    logger: options.logger,
    concurrency: CONCURRENCY,
    timeLimitMs: TIME_LIMIT_MS,
    metrics: options.metrics,
    clock: options.clock,
  });
  return withPolicyChanges(controller, cedar);
}

/** A policy that changes may concern every package. */
function withPolicyChanges(
  controller: Controller,
  cedar: CedarPolicies,
): Controller {
  let unsubscribe: (() => void) | undefined;
  return {
    start: () => {
      unsubscribe ??= cedar.onChange(() => controller.resync());
      controller.start();
    },
    stop: async () => {
      unsubscribe?.();
      await controller.stop();
    },
    enqueue: key => controller.enqueue(key),
    resync: () => controller.resync(),
    get depth() {
      return controller.depth;
    },
  };
}

/** Loads once; a failure is not remembered. */
function onceLoaded(
  load: (signal: AbortSignal) => Promise<Digests>,
): (signal: AbortSignal) => Promise<Digests> {
  let loaded: Digests | undefined;
  return async signal => {
    loaded ??= await load(signal);
    return loaded;
  };
}
