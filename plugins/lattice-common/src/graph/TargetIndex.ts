import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';

interface NamespaceTargets {
  readonly whole: Set<string>;
  readonly byLabel: Map<string, Set<string>>;
}

/**
 * Answers "which members may select a pod with these labels" without a walk over all members: each selector is filed
 * under one of its labels, the rarest at that time.
 */
export class TargetIndex {
  readonly #namespaces = new Map<string, NamespaceTargets>();
  readonly #places = new Map<string, Set<string>>();

  add(member: LatticeMember): void {
    const { target } = member.spec;
    const held = this.#namespaceOf(member.metadata.namespace);
    const place =
      'namespace' in target
        ? held.whole
        : rarest(held.byLabel, target.selector);
    place.add(formatKey(member.metadata));
    this.#places.set(formatKey(member.metadata), place);
  }

  remove(id: string): void {
    this.#places.get(id)?.delete(id);
    this.#places.delete(id);
  }

  /** Members that may select such a pod; the selector itself is for the caller to check. */
  *candidates(
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ): Iterable<string> {
    const held = this.#namespaces.get(namespace);
    if (!held) return;
    yield* held.whole;
    for (const [key, value] of Object.entries(labels))
      yield* held.byLabel.get(`${key}=${value}`) ?? [];
  }

  #namespaceOf(namespace: string): NamespaceTargets {
    const held = this.#namespaces.get(namespace) ?? {
      whole: new Set(),
      byLabel: new Map(),
    };
    this.#namespaces.set(namespace, held);
    return held;
  }
}

function rarest(
  byLabel: Map<string, Set<string>>,
  selector: Readonly<Record<string, string>>,
): Set<string> {
  let best: Set<string> | undefined;
  for (const [key, value] of Object.entries(selector)) {
    const label = `${key}=${value}`;
    const bucket = byLabel.get(label) ?? new Set<string>();
    byLabel.set(label, bucket);
    if (!best || bucket.size < best.size) best = bucket;
  }
  return best ?? new Set();
}
