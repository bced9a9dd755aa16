import { KINDS } from '../clusters/kinds';
import { ObjectChange } from '../clusters/ObjectStore';
import { Controller, createController } from '../controllers/createController';
import { ControllerOptions } from '../controllers/types';
import { BASELINE_NAME } from './baseline';
import { Baselines } from './Baselines';
import { MeshWorld } from './MeshWorld';

const INCOMPLETE_MS = 2_000;

/** Keeps the baselines of one cluster as its namespaces ask for them. Keys are names of namespaces. */
export function createBaselineController(
  options: Omit<
    ControllerOptions,
    'name' | 'sources' | 'reconcile' | 'concurrency'
  > & { readonly world: MeshWorld; readonly baselines: Baselines },
): Controller {
  const { world, baselines, ...rest } = options;
  return createController({
    ...rest,
    name: 'baseline',
    concurrency: 1,
    sources: [
      {
        cache: world.cache(KINDS.Namespace),
        keysOf: ({ before, after }) => [(after ?? before)!.metadata.name],
      },
      ...world.policyKinds.map(kind => ({
        cache: world.cache(kind),
        keysOf: (change: ObjectChange) => namespaceOfBaseline(change),
      })),
      {
        cache: world.cache(KINDS.Pod),
        keysOf: (change: ObjectChange) => {
          const namespace = namespaceOf(change);
          return hasOutlived(world, baselines, namespace) ? [namespace] : [];
        },
      },
    ],
    reconcile: async (namespace, { signal }) => {
      if (world.readiness().state !== 'ready')
        return { requeueAfterMs: INCOMPLETE_MS };
      const outcome = await baselines.settle(namespace, signal);
      if (outcome.kind === 'refused') throw outcome.error;
      if (outcome.kind === 'foreign')
        options.logger.warn(
          `Namespace ${namespace} has no whole baseline: ${outcome.kinds.join(
            ', ',
          )} ${BASELINE_NAME} belongs to somebody else and is left alone`,
        );
      return undefined;
    },
  });
}

function namespaceOfBaseline(change: ObjectChange): string[] {
  const { name } = (change.after ?? change.before)!.metadata;
  return name === BASELINE_NAME ? [namespaceOf(change)] : [];
}

/** Whether a namespace still has a baseline that it does not ask for any more. */
function hasOutlived(
  world: MeshWorld,
  baselines: Baselines,
  namespace: string,
): boolean {
  return (
    !baselines.isWanted(namespace) &&
    world.policyKinds.some(kind =>
      world.cache(kind).get({ namespace, name: BASELINE_NAME }),
    )
  );
}

function namespaceOf({ before, after }: ObjectChange): string {
  return (after ?? before)!.metadata.namespace ?? '';
}
