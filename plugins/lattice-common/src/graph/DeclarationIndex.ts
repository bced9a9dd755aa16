import { Declarations, EVERY_NAMESPACE } from './declarations';

/** Answers "who has declared something about X" without a walk over all members. */
export class DeclarationIndex {
  readonly #byName = new Map<string, Set<string>>();
  readonly #byBound = new Map<string, Set<string>>();

  add(owner: string, declarations: Declarations): void {
    for (const name of declarations.names) insert(this.#byName, name, owner);
    for (const bound of declarations.bounds)
      insert(this.#byBound, bound, owner);
  }

  remove(owner: string, declarations: Declarations): void {
    for (const name of declarations.names) take(this.#byName, name, owner);
    for (const bound of declarations.bounds) take(this.#byBound, bound, owner);
  }

  /** Owners that name this key. They may name keys that do not exist (yet). */
  owners(key: string): Iterable<string> {
    return this.#byName.get(key) ?? [];
  }

  /** Owners one of whose wildcards reaches into this namespace. */
  *wildcardOwners(namespace: string): Iterable<string> {
    yield* this.#byBound.get(EVERY_NAMESPACE) ?? [];
    yield* this.#byBound.get(namespace) ?? [];
  }
}

function insert(
  index: Map<string, Set<string>>,
  at: string,
  owner: string,
): void {
  const owners = index.get(at);
  if (owners) owners.add(owner);
  else index.set(at, new Set([owner]));
}

function take(index: Map<string, Set<string>>, at: string, owner: string) {
  const owners = index.get(at);
  if (!owners) return;
  owners.delete(owner);
  if (owners.size === 0) index.delete(at);
}
