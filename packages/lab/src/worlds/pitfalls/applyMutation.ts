import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { compileWorld } from '../compileWorld';
import { withManifests } from '../randomWorld';
import { World } from '../types';
import { Mutation, NaiveUpdate } from './Pitfall';

/** What a naive way makes of a world. */
export interface Outcome {
  /** What runs. */
  readonly world: World;
  /** What was meant: the model judges by this. */
  readonly meant: World;
  readonly policies: readonly KubernetesObject[];
}

/** Compiles a world the naive way. */
export function applyMutation(mutation: Mutation, world: World): Outcome {
  const changed = mutation.world?.(world) ?? world;
  const running = withManifests(changed, changed.manifests);
  const source = {
    ...withManifests(
      running,
      running.manifests.map(mutation.manifests ?? (one => one)),
    ),
    profile: mutation.profile?.(running.profile) ?? running.profile,
  };
  const compiled = compileWorld(source);
  return {
    world: running,
    meant: mutation.isTold ? running : world,
    policies: mutation.policies?.(compiled, source) ?? compiled,
  };
}

/** Goes from a world to its edited form the naive way. */
export function applyUpdate(naive: NaiveUpdate, world: World): Outcome {
  const after = naive.edit(world);
  return {
    world: after,
    meant: after,
    policies: naive.update(compileWorld(world), after),
  };
}
