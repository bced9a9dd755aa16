import { Declarations, EVERY_NAMESPACE } from './declarations';
import { GraphNode } from './GraphNode';

/**
 * Answers "whose wildcard reaches this namespace, among those who live there" without a look at anybody else:
 * filed by how far a wildcard reaches, then by where its owner lives.
 */
export class WildcardIndex {
  readonly #byReach = new Map<string, Map<string, Set<GraphNode>>>();

  add(node: GraphNode, { bounds }: Declarations): void {
    const home = node.key.namespace;
    for (const reach of bounds) {
      const homes = this.#byReach.get(reach) ?? new Map();
      this.#byReach.set(reach, homes);
      const nodes = homes.get(home) ?? new Set();
      homes.set(home, nodes);
      nodes.add(node);
    }
  }

  remove(node: GraphNode, { bounds }: Declarations): void {
    const home = node.key.namespace;
    for (const reach of bounds) {
      const homes = this.#byReach.get(reach);
      const nodes = homes?.get(home);
      nodes?.delete(node);
      if (nodes?.size === 0) homes?.delete(home);
      if (homes?.size === 0) this.#byReach.delete(reach);
    }
  }

  /** Owners of wildcards that reach `namespace` and who live in one of `homes`; each once. */
  *reaching(
    namespace: string,
    homes: ReadonlySet<string>,
  ): Iterable<GraphNode> {
    for (const nodes of this.#groups(namespace, homes)) yield* nodes;
  }

  /** How many {@link reaching} yields, without going through them. */
  count(namespace: string, homes: ReadonlySet<string>): number {
    let count = 0;
    for (const nodes of this.#groups(namespace, homes)) count += nodes.size;
    return count;
  }

  *#groups(
    namespace: string,
    homes: ReadonlySet<string>,
  ): Iterable<ReadonlySet<GraphNode>> {
    if (homes.size === 0) return;
    for (const reach of [EVERY_NAMESPACE, namespace]) {
      const living = this.#byReach.get(reach);
      if (!living) continue;
      if (homes.has(EVERY_NAMESPACE)) {
        yield* living.values();
        continue;
      }
      for (const home of homes) {
        const nodes = living.get(home);
        if (nodes) yield nodes;
      }
    }
  }
}
