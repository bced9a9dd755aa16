import { LoggerService } from '@backstage/backend-plugin-api';
import {
  AdmissionRules,
  ClusterProfile,
  DEFAULT_PROTECTED_NAMESPACES,
  formatKey,
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
import { LatticeMetrics } from '../metrics';
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
  const reconciler = new MeshReconciler({
    client: connection.client,
    world,
    profile: options.profile,
    rules,
    now: options.now ?? (() => new Date()),
  });
  const controller = createController({
    name: 'mesh',
    cluster: connection,
    sources: sourcesOf(world),
    reconcile: (key, context) => reconciler.reconcile(key, context),
    isActive: () => connection.mode === 'reconcile' && leadership.isLeader(),
    onActivityChange: listener => leadership.onChange(listener),
    logger,
    concurrency: CONCURRENCY,
    metrics: options.metrics,
    clock: options.clock,
  });
  return {
    start: () => {
      // The world first: it must know of a change before a pass over it begins.
      world.start(keys => keys.forEach(key => controller.enqueue(key)));
      controller.start();
    },
    stop: async () => {
      world.stop();
      await controller.stop();
    },
    enqueue: key => controller.enqueue(key),
    resync: () => controller.resync(),
    get depth() {
      return controller.depth;
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
    ...world.policyKinds.map(kind => ({
      cache: world.cache(kind),
      keysOf: (change: ObjectChange) => keysOfPolicy(world, change),
    })),
    {
      cache: world.cache(KINDS.Pod),
      keysOf: (change: ObjectChange) => keysOfPod(world, change),
    },
    // Its changes show when an engine comes or goes; the passes themselves read it.
    { cache: world.cache(CUSTOM_RESOURCE_DEFINITIONS), keysOf: () => [] },
  ];
}

function ownKey({ before, after }: ObjectChange): string[] {
  const { namespace = '', name } = (after ?? before)!.metadata;
  return [formatKey({ namespace, name })];
}

/** The owner before and after, and those whose agreements with it are enforced or not by this. */
function keysOfPolicy(world: MeshWorld, change: ObjectChange): string[] {
  const owners = [change.before, change.after].flatMap(
    (object): ObjectKey[] => {
      if (!object) return [];
      const { namespace = '', name } = object.metadata;
      const declared = world.keyOfPolicyName(namespace, name);
      return [policyOwnerKey(object) ?? [], declared ?? []].flat();
    },
  );
  const neighbours = owners.flatMap(owner => world.graph.neighboursOf(owner));
  return [...new Set([...owners, ...neighbours].map(formatKey))];
}

function keysOfPod(world: MeshWorld, change: ObjectChange): string[] {
  if (!hasSelectionChanged(change.before, change.after)) return [];
  const pods = [change.before, change.after].flatMap(pod => pod ?? []);
  const { namespace } = pods[0].metadata;
  const declared = world.keysIn(namespace ?? '').filter(key => {
    const member = world.graph.get(key);
    return member && pods.some(pod => memberSelects(member, pod));
  });
  const guarded = world.policyKinds
    .flatMap(kind => world.cache(kind).list(namespace))
    .filter(policy => pods.some(pod => policySelects(policy, pod)))
    .flatMap(policy => policyOwnerKey(policy) ?? []);
  return [...new Set([...declared, ...guarded].map(formatKey))];
}
