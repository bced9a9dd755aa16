import {
  AgreementGraph,
  ANNOTATION_POLICY_EDGES,
  compileDenyOnly,
  compilePolicies,
  formatKey,
  isEqualJson,
  KubernetesObject,
  LatticeMember,
  ObjectKey,
  planPolicyWrites,
  PolicyWrite,
  policyName,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isPodOf } from './agreement';
import { graphOf } from './compileWorld';
import { Random } from './Random';
import { TransitionState } from './TransitionJudging';
import { World } from './types';

const MAX_PASSES = 6;

/**
 * Holds the policies of a cluster as the writes of plans leave them, and brings them to what a world declares as the
 * controller does: key after key, in any order, until a pass has nothing to do.
 */
export class Cluster {
  readonly #objects = new Map<string, KubernetesObject>();

  constructor(objects: readonly KubernetesObject[] = []) {
    for (const object of objects) this.#objects.set(idOf(object), object);
  }

  policies(): KubernetesObject[] {
    return [...this.#objects.values()];
  }

  /**
   * Writes until everything is as declared.
   *
   * @param former - members that have been declared before and may have left policies behind
   * @returns what the cluster held after every single write
   */
  settle(
    world: World,
    random: Random,
    former: readonly LatticeMember[] = [],
  ): TransitionState[] {
    const graph = graphOf(world.declared);
    const states: TransitionState[] = [];
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const before = states.length;
      for (const key of random.shuffle(keysOf([...world.declared, ...former])))
        for (const write of this.#plan(key, graph, world, former)) {
          this.#write(write);
          states.push({
            write: describe(write),
            namespace: write.object.metadata.namespace,
            policies: this.policies(),
          });
        }
      if (states.length === before) return states;
    }
    throw new Error('the writes come to no end');
  }

  #plan(
    key: ObjectKey,
    graph: AgreementGraph,
    world: World,
    former: readonly LatticeMember[],
  ): PolicyWrite[] {
    const live = this.#of(key);
    if (graph.get(key)) {
      const wanted = compilePolicies(graph, key, world.profile, {
        holdBack: callee => this.#isHeldBack({ key, callee, graph, world }),
      });
      return planPolicyWrites({ wanted, live });
    }
    const gone = former.find(one => formatKey(one.metadata) === formatKey(key));
    const hasPods = gone && world.pods.some(pod => isPodOf(gone, pod));
    const closed = gone && hasPods ? compileDenyOnly(gone, world.profile) : [];
    // Nothing is made that was not there.
    const wanted = closed.filter(({ kind }) =>
      live.some(held => held.kind === kind),
    );
    return planPolicyWrites({ wanted, live });
  }

  /** A caller waits for the callee's own policies, unless it has been let out before. */
  #isHeldBack(options: {
    key: ObjectKey;
    callee: ObjectKey;
    graph: AgreementGraph;
    world: World;
  }): boolean {
    const { key, callee, graph, world } = options;
    const declaration = graph.get(callee);
    if (!declaration) return false;
    const live = this.#of(callee);
    const isClosed = compileDenyOnly(declaration, world.profile).every(object =>
      live.some(
        held =>
          held.kind === object.kind &&
          isEqualJson(subjectOf(held), subjectOf(object)),
      ),
    );
    const edge = `${formatKey(key)} -> ${formatKey(callee)}`;
    const isOpen = this.#of(key).some(({ metadata }) =>
      metadata.annotations?.[ANNOTATION_POLICY_EDGES]?.includes(
        JSON.stringify(edge),
      ),
    );
    return !isClosed && !isOpen;
  }

  #of({ namespace, name }: ObjectKey): KubernetesObject[] {
    return this.policies().filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        metadata.name === policyName({ namespace, name }),
    );
  }

  #write({ verb, object }: PolicyWrite): void {
    if (verb === 'delete') this.#objects.delete(idOf(object));
    else this.#objects.set(idOf(object), object);
  }
}

/** Kind and key of a policy. */
export function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function keysOf(members: readonly LatticeMember[]): ObjectKey[] {
  const keys = new Map(
    members.map(({ metadata: { namespace, name } }) => [
      `${namespace}/${name}`,
      { namespace, name },
    ]),
  );
  return [...keys.values()];
}

function subjectOf({ spec }: KubernetesObject): unknown {
  const { endpointSelector, selector } = (spec ?? {}) as Record<
    string,
    unknown
  >;
  return { endpointSelector, selector };
}

function describe({ verb, object }: PolicyWrite): string {
  return `${verb} ${idOf(object)}`;
}
