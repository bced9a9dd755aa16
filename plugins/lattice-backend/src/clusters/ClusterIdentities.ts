/** A configured cluster, as far as its identity is concerned. */
export interface NamedSource {
  readonly name: string;
  /** Where it was configured, for people. */
  readonly source?: string;
}

/**
 * Which configured names are one and the same cluster. A cluster is the UID of its namespace kube-system; of several
 * names for it the first in the configuration is used and the others are refused, whichever was reached first, and a
 * refusal is never taken back while the process runs.
 */
export class ClusterIdentities {
  readonly #sources: NamedSource[];
  readonly #uids = new Map<string, string>();
  readonly #refusals = new Map<string, string>();

  constructor(sources: readonly NamedSource[]) {
    this.#sources = [...sources];
  }

  /** Adds a source that came later than the others. */
  add(source: NamedSource): void {
    this.#sources.push(source);
  }

  uidOf(name: string): string | undefined {
    return this.#uids.get(name);
  }

  /** Why a name is refused; undefined when it is not. */
  refusalOf(name: string): string | undefined {
    return this.#refusals.get(name);
  }

  /** Notes who a cluster is; returns the names that are refused from now on. */
  record(name: string, uid: string): string[] {
    this.#uids.set(name, uid);
    const [first, ...others] = this.#sources.filter(
      source => this.#uids.get(source.name) === uid,
    );
    const refused = others.filter(other => !this.#refusals.has(other.name));
    for (const other of refused) {
      this.#refusals.set(other.name, explainDuplicate(first, other));
    }
    return refused.map(other => other.name);
  }
}

function explainDuplicate(first: NamedSource, second: NamedSource): string {
  return `Cluster ${describe(second)} is the same cluster as ${describe(
    first,
  )} and is not used: remove one of the two`;
}

function describe(source: NamedSource): string {
  return source.source ? `${source.name} (${source.source})` : source.name;
}
