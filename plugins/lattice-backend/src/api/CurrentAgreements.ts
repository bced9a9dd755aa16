import {
  AgreementGraph,
  formatKey,
  LatticeMember,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ObjectChange } from '../clusters/ObjectStore';
import { ResourceCache } from '../clusters/types';

/** Where declarations come from. */
export interface DeclarationSource {
  /** Their caches. */
  readonly caches: readonly Pick<ResourceCache, 'onChange'>[];
  /** Every declaration that can be read, one per key. */
  readonly all: () => Iterable<LatticeMember>;
  /** The one that counts for a key; undefined when there is none, or none that can be read. */
  readonly of: (key: ObjectKey) => LatticeMember | undefined;
}

/**
 * The agreements of one cluster, kept up with its caches: after a change only the keys that changed are looked at, and
 * only when somebody asks.
 */
export class CurrentAgreements {
  readonly #source: DeclarationSource;
  readonly #graph = new AgreementGraph();
  readonly #changed = new Map<string, ObjectKey>();

  constructor(source: DeclarationSource) {
    this.#source = source;
    for (const cache of source.caches) {
      cache.onChange(change => this.#note(change));
    }
    for (const declaration of source.all()) {
      this.#graph.set(declaration);
    }
  }

  /** As of now. */
  get graph(): AgreementGraph {
    for (const key of this.#changed.values()) {
      this.#renew(key);
    }
    this.#changed.clear();
    return this.#graph;
  }

  #note({ before, after }: ObjectChange): void {
    const { namespace = '', name } = (after ?? before)!.metadata;
    const key = { namespace, name };
    this.#changed.set(formatKey(key), key);
  }

  #renew(key: ObjectKey): void {
    const declaration = this.#source.of(key);
    if (this.#graph.get(key)?.kind !== declaration?.kind) {
      this.#graph.remove(key);
    }
    if (declaration) {
      this.#graph.set(declaration);
    }
  }
}
