import {
  ANNOTATION_POLICY_EDGES,
  ClusterProfile,
  compileDenyOnly,
  compilePolicies,
  formatKey,
  isSamePolicy,
  keepOpen,
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { MeshWorld } from './MeshWorld';

/** Compares what the agreements ask for with what is on the cluster. Reads only. */
export class PolicyView {
  readonly #applied = new Map<string, string>();

  constructor(
    private readonly world: MeshWorld,
    private readonly profile: ClusterProfile,
  ) {}

  /** The policies that a key should have at this moment. */
  wanted(key: ObjectKey): KubernetesObject[] {
    if (!this.world.managed(key)) return [];
    const { graph } = this.world;
    const unguarded = new Set<string>();
    const openable = compilePolicies(graph, key, this.profile, {
      holdBack: callee => {
        const isHeld = !this.#isGuarding(callee);
        if (isHeld) unguarded.add(formatKey(callee));
        return isHeld;
      },
    });
    if (unguarded.size === 0) return openable;
    return keepOpen({
      openable,
      wanted: compilePolicies(graph, key, this.profile),
      live: this.world.livePolicies(key),
    });
  }

  /** Agreed callees to which a key is not let out yet, because their own policies do not stand. */
  heldBack(key: ObjectKey): ObjectKey[] {
    return this.world.graph
      .edgesOf(key)
      .filter(
        ({ caller, callee, state }) =>
          state === 'agreed' &&
          formatKey(caller) === formatKey(key) &&
          this.isHeldBack(key, callee),
      )
      .map(({ callee }) => callee);
  }

  /**
   * Whether a key's policies stand as declared, whole and accepted. Of what the caches hold it is remembered: each of a
   * wildcard's hundreds of partners asks.
   */
  isApplied(key: ObjectKey, live?: readonly KubernetesObject[]): boolean {
    if (live) return this.#isAppliedIn(key, live);
    const stamp = this.world.stampOf(key);
    if (this.#applied.get(formatKey(key)) === stamp) return true;
    const isApplied = this.#isAppliedIn(key, this.world.livePolicies(key));
    if (isApplied) this.#applied.set(formatKey(key), stamp);
    else this.#applied.delete(formatKey(key));
    return isApplied;
  }

  #isAppliedIn(key: ObjectKey, live: readonly KubernetesObject[]): boolean {
    const wanted = this.wanted(key);
    return (
      wanted.length > 0 &&
      this.#isCurrent(key) &&
      wanted.every(object =>
        live.some(held => isSamePolicy(object, held) && !isRejected(held)),
      )
    );
  }

  /** Whether a caller must wait for the callee's own policies. What is open already stays open. */
  isHeldBack(caller: ObjectKey, callee: ObjectKey): boolean {
    return !this.#isGuarding(callee) && !this.#isOpen(caller, callee);
  }

  /** Whether the pods that a callee selects are closed by its own policies, as far as that is ours to do. */
  #isGuarding(callee: ObjectKey): boolean {
    const declaration = this.world.managed(callee);
    if (!declaration) return true;
    const live = this.world.livePolicies(callee);
    return compileDenyOnly(declaration, this.profile).every(object =>
      live.some(held => guardsSamePods(object, held) && !isRejected(held)),
    );
  }

  #isOpen(caller: ObjectKey, callee: ObjectKey): boolean {
    const edge = `${formatKey(caller)} -> ${formatKey(callee)}`;
    return this.world
      .livePolicies(caller)
      .some(({ metadata }) =>
        readEdges(metadata.annotations?.[ANNOTATION_POLICY_EDGES]).includes(
          edge,
        ),
      );
  }

  /** Whether the declaration in the graph is the newest one, and not the last one that could be read. */
  #isCurrent(key: ObjectKey): boolean {
    const declaration = this.world.graph.get(key);
    if (!declaration) return false;
    const object = this.world.cache(KINDS[declaration.kind]).get(key);
    return object?.metadata.generation === declaration.metadata.generation;
  }
}

/** What Cilium says of a policy: `undefined` where it has said nothing. */
export function ciliumVerdict(
  policy: KubernetesObject,
): { isValid: boolean; message: string } | undefined {
  const { conditions = [] } = (policy.status ?? {}) as {
    conditions?: Array<{ type?: string; status?: string; message?: string }>;
  };
  const valid = conditions.find(({ type }) => type === 'Valid');
  return valid?.status === 'True' || valid?.status === 'False'
    ? { isValid: valid.status === 'True', message: valid.message ?? '' }
    : undefined;
}

/** Whether Cilium has said that it does not enforce a policy. */
export function isRejected(policy: KubernetesObject): boolean {
  return ciliumVerdict(policy)?.isValid === false;
}

function guardsSamePods(a: KubernetesObject, b: KubernetesObject): boolean {
  const subject = ({ kind, metadata, spec }: KubernetesObject) => {
    const { endpointSelector, selector } = (spec ?? {}) as Record<
      string,
      unknown
    >;
    return {
      apiVersion: '',
      kind,
      metadata: { name: metadata.name },
      spec: { endpointSelector, selector },
    };
  };
  return isSamePolicy(subject(a), subject(b));
}

function readEdges(annotation: string | undefined): unknown[] {
  try {
    const edges: unknown = JSON.parse(annotation ?? '[]');
    return Array.isArray(edges) ? edges : [];
  } catch {
    // Somebody has edited it: then it proves nothing.
    return [];
  }
}
