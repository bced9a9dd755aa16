import { LoggerService } from '@backstage/backend-plugin-api';
import {
  AdmissionRules,
  ClusterProfile,
  DEFAULT_PROTECTED_NAMESPACES,
  formatKey,
  isOurPolicy,
  ObjectKey,
  policyOwnerKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock } from '../clusters/clock';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../clusters/detectEngines';
import { KINDS } from '../clusters/kinds';
import { ObjectChange } from '../clusters/ObjectStore';
import { ClusterConnection } from '../clusters/types';
import { Controller, createController } from '../controllers/createController';
import { hasIntentChanged } from '../controllers/hasIntentChanged';
import { Leadership } from '../controllers/leadership';
import { EventWriter } from '../events/EventWriter';
import { LatticeMetrics } from '../metrics';
import { Baselines } from './Baselines';
import { createBaselineController } from './createBaselineController';
import { MeshReconciler } from './MeshReconciler';
import { MeshWorld } from './MeshWorld';
import {
  hasSelectionChanged,
  memberSelects,
  policySelects,
} from './podSelection';

const CONCURRENCY = 4;

/** What the mesh controller of one cluster is built from. */
export interface MeshControllerOptions {
  readonly connection: ClusterConnection;
  readonly leadership: Pick<Leadership, 'isLeader' | 'onChange'>;
  readonly profile: ClusterProfile;
  /** `foreign`: another controller owns LatticeServices; they count as declarations and nothing is written for them. */
  readonly latticeServices: 'own' | 'foreign';
  readonly logger: LoggerService;
  readonly now?: () => Date;
  /** The admission rules, checked again on every pass. */
  readonly rules?: AdmissionRules;
  readonly metrics?: LatticeMetrics;
  readonly clock?: Clock;
}

const DEFAULT_RULES: AdmissionRules = {
  allowedRepositories: [],
  protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
  platformObjects: [],
};

/** Turns the mesh declarations of one cluster into policies, and tells on the declarations how far that has come. */
export function createMeshController(
  options: MeshControllerOptions,
): Controller {
  const { connection, leadership, logger } = options;
  const rules = options.rules ?? DEFAULT_RULES;
  const world = new MeshWorld({
    connection,
    profile: options.profile,
    latticeServices: options.latticeServices,
    rules,
  });
  const parts = {
    client: connection.client,
    world,
    profile: options.profile,
    rules,
  };
  const events = new EventWriter({
    client: connection.client,
    controller: 'mesh',
    logger,
    clock: options.clock,
  });
  const baselines = new Baselines(parts);
  const reconciler = new MeshReconciler({
    ...parts,
    baselines,
    now: options.now ?? (() => new Date()),
    note: note => events.note(note),
  });
  const shared = {
    cluster: connection,
    isActive: () => connection.mode === 'reconcile' && leadership.isLeader(),
    onActivityChange: (listener: () => void) => leadership.onChange(listener),
    logger,
    metrics: options.metrics,
    clock: options.clock,
  };
  const members = createController({
    ...shared,
    name: 'mesh',
    sources: sourcesOf(world),
    reconcile: (key, context) => reconciler.reconcile(key, context),
    concurrency: CONCURRENCY,
  });
  const controllers = [
    createBaselineController({ ...shared, world, baselines }),
    members,
  ];
  return {
    start: () => {
      // The world first: it must know of a change before a pass over it begins.
      world.start(keys => keys.forEach(key => members.enqueue(key)));
      controllers.forEach(controller => controller.start());
    },
    stop: async () => {
      world.stop();
      await Promise.all(controllers.map(controller => controller.stop()));
      await events.stop();
    },
    enqueue: key => members.enqueue(key),
    resync: () => controllers.forEach(controller => controller.resync()),
    get depth() {
      return controllers.reduce((sum, { depth }) => sum + depth, 0);
    },
  };
}

function sourcesOf(world: MeshWorld) {
  const declarations = [KINDS.LatticeMeshMember, KINDS.LatticeService];
  return [
    ...declarations.map(kind => ({
      cache: world.cache(kind),
      keysOf: (change: ObjectChange) =>
        hasIntentChanged(change) ? ownKey(change) : [],
      required: kind === KINDS.LatticeMeshMember,
    })),
    ...world.foreign.kinds.map(kind => ({
      cache: world.cache(kind),
      keysOf: (change: ObjectChange) => keysOfPolicy(world, change),
    })),
    {
      cache: world.cache(KINDS.Pod),
      keysOf: (change: ObjectChange) => keysOfPod(world, change),
    },
    {
      cache: world.cache(KINDS.Namespace),
      keysOf: (change: ObjectChange) => keysOfNamespace(world, change),
    },
    // Its changes show when an engine comes or goes; the passes themselves read it.
    { cache: world.cache(CUSTOM_RESOURCE_DEFINITIONS), keysOf: () => [] },
  ];
}

function ownKey({ before, after }: ObjectChange): string[] {
  const { namespace = '', name } = (after ?? before)!.metadata;
  return [formatKey({ namespace, name })];
}

/**
 * The owner before and after, and those whose agreements with it are enforced or not by this; for somebody else's, also
 * those whose pods it may be about.
 */
function keysOfPolicy(world: MeshWorld, change: ObjectChange): string[] {
  const owners = [change.before, change.after].flatMap(
    (object): ObjectKey[] => {
      if (!object) return [];
      const { namespace = '', name } = object.metadata;
      const declared = world.keyOfPolicyName(namespace, name);
      return [policyOwnerKey(object) ?? [], declared ?? []].flat();
    },
  );
  const isForeign = [change.before, change.after].some(
    object => object && !isOurPolicy(object),
  );
  const neighbours = owners.flatMap(owner => world.graph.neighboursOf(owner));
  return [
    ...new Set([
      ...[...owners, ...neighbours].map(formatKey),
      ...(isForeign ? keysNearForeign(world, change) : []),
    ]),
  ];
}

/** A policy of others may be about any pod of its namespace, or of all. */
function keysNearForeign(world: MeshWorld, change: ObjectChange): string[] {
  const object = (change.after ?? change.before)!;
  const near = world.foreign.isClusterWide(object)
    ? world.graph.keys()
    : world.keysIn(object.metadata.namespace ?? '');
  return near.map(formatKey);
}

function keysOfNamespace(world: MeshWorld, { before, after }: ObjectChange) {
  const labels = (object: ObjectChange['after']) =>
    JSON.stringify(Object.entries(object?.metadata.labels ?? {}).sort());
  return labels(before) === labels(after)
    ? []
    : world.keysIn((after ?? before)!.metadata.name).map(formatKey);
}

function keysOfPod(world: MeshWorld, change: ObjectChange): string[] {
  if (!hasSelectionChanged(change.before, change.after)) return [];
  const pods = [change.before, change.after].flatMap(pod => pod ?? []);
  const { namespace = '' } = pods[0].metadata;
  const declared = pods.flatMap(pod =>
    world.graph
      .candidatesFor(namespace, pod.metadata.labels ?? {})
      .filter(key => {
        const member = world.graph.get(key);
        return member && memberSelects(member, pod);
      }),
  );
  const guarded = world.policyKinds
    .flatMap(kind => world.cache(kind).list(namespace))
    .filter(policy => pods.some(pod => policySelects(policy, pod)))
    .flatMap(policy => policyOwnerKey(policy) ?? []);
  return [...new Set([...declared, ...guarded].map(formatKey))];
}
