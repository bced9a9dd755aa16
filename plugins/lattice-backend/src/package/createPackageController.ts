import { randomUUID } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  formatKey,
  KubernetesObject,
  LABEL_OWNER_UID,
  ObjectKey,
  SYSTEM_NAMESPACE,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartSource,
  Helm,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { CedarPolicies } from '../cedar';
import { Clock } from '../clusters/clock';
import { KINDS } from '../clusters/kinds';
import { ObjectChange } from '../clusters/ObjectStore';
import { ClusterConnection } from '../clusters/types';
import {
  Controller,
  ControllerSource,
  createController,
} from '../controllers/createController';
import { hasIntentChanged } from '../controllers/hasIntentChanged';
import { Leadership } from '../controllers/leadership';
import { LatticeMetrics } from '../metrics';
import { Digests, loadDigests } from '../secrets';
import { HelmOperator } from './HelmOperator';
import { WORKLOAD_KINDS } from './observeHealth';
import { PackageRules } from './packageContext';
import { PackageReconciler } from './PackageReconciler';
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
    sources: sourcesOf(connection),
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

function sourcesOf(connection: ClusterConnection): ControllerSource[] {
  const packages = connection.cache(KINDS.LatticePackage);
  const all = () => packages.list();
  return [
    {
      cache: packages,
      required: true,
      keysOf: change => packageKeys(change, all),
    },
    {
      cache: connection.cache(KINDS.Namespace),
      required: true,
      keysOf: change => namespaceKeys(change, all),
    },
    {
      cache: connection.cache(KINDS.ExternalSecret),
      keysOf: change => ownerKeys(change, all),
    },
    {
      cache: connection.cache(KINDS.LatticeMeshMember),
      keysOf: change => memberKeys(change, all),
    },
    ...WORKLOAD_KINDS.map(kind => ({
      cache: connection.cache(kind),
      keysOf: (change: ObjectChange) => workloadKeys(change, all),
    })),
  ];
}

type Packages = () => readonly KubernetesObject[];

/** The package itself, and those that wait for it or hold it. */
function packageKeys(change: ObjectChange, packages: Packages): string[] {
  const object = change.after ?? change.before;
  if (!object) {
    return [];
  }
  const key = keyOf(object);
  const neighbours = packages().filter(it => dependsOn(it, object));
  const dependencies = dependencyKeys(object);
  return [
    ...(hasIntentChanged(change) ? [formatKey(key)] : []),
    ...neighbours.map(it => formatKey(keyOf(it))),
    // A package that goes may free those that it depends on.
    ...(change.after ? [] : dependencies),
  ];
}

function dependencyKeys(object: KubernetesObject): string[] {
  const spec = object.spec as
    | { dependsOn?: readonly { name?: string; namespace?: string }[] }
    | undefined;
  const list = Array.isArray(spec?.dependsOn) ? spec.dependsOn : [];
  return list.flatMap(it =>
    typeof it?.name === 'string'
      ? [
          formatKey({
            name: it.name,
            namespace: it.namespace ?? object.metadata.namespace ?? '',
          }),
        ]
      : [],
  );
}

function dependsOn(
  object: KubernetesObject,
  dependency: KubernetesObject,
): boolean {
  return dependencyKeys(object).includes(formatKey(keyOf(dependency)));
}

function namespaceKeys(change: ObjectChange, packages: Packages): string[] {
  if (!hasIntentChanged(change)) {
    return [];
  }
  const name = (change.after ?? change.before)?.metadata.name;
  return packages()
    .filter(it => it.metadata.namespace === name || targetOf(it) === name)
    .map(it => formatKey(keyOf(it)));
}

function ownerKeys(change: ObjectChange, packages: Packages): string[] {
  const uid = (change.after ?? change.before)?.metadata.labels?.[
    LABEL_OWNER_UID
  ];
  return uid === undefined
    ? []
    : packages()
        .filter(it => it.metadata.uid === uid)
        .map(it => formatKey(keyOf(it)));
}

function memberKeys(change: ObjectChange, packages: Packages): string[] {
  const namespace = (change.after ?? change.before)?.metadata.namespace;
  return hasIntentChanged(change)
    ? packages()
        .filter(it => targetOf(it) === namespace)
        .map(it => formatKey(keyOf(it)))
    : [];
}

function workloadKeys(change: ObjectChange, packages: Packages): string[] {
  const annotations = (change.after ?? change.before)?.metadata.annotations;
  const name = annotations?.['meta.helm.sh/release-name'];
  const namespace = annotations?.['meta.helm.sh/release-namespace'];
  return name === undefined
    ? []
    : packages()
        .filter(it => it.metadata.name === name && targetOf(it) === namespace)
        .map(it => formatKey(keyOf(it)));
}

function targetOf(object: KubernetesObject): string | undefined {
  const spec = object.spec as { targetNamespace?: string } | undefined;
  return spec?.targetNamespace ?? object.metadata.namespace;
}

function keyOf({ metadata }: KubernetesObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
