import { SecretResource } from '../api/packageModel';
import { SecretReference, WrittenReference } from './references';

/** Secret resources as a package declares them. */
export type DeclaredResources = Readonly<Record<string, SecretResource>>;

/** The name with hyphens as underscores: references may be written either way. */
function normalised(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * Finds names as references may write them: as declared, or with hyphens and underscores exchanged where that is
 * clear. The exact name always wins.
 */
export class NameFinder {
  readonly #exact: ReadonlySet<string>;
  readonly #similar = new Map<string, string[]>();

  constructor(names: Iterable<string>) {
    this.#exact = new Set(names);
    for (const name of this.#exact) {
      const at = normalised(name);
      const others = this.#similar.get(at);
      if (others) {
        others.push(name);
      } else {
        this.#similar.set(at, [name]);
      }
    }
  }

  /** Every declared name that the written one may mean; more than one is ambiguous. */
  find(written: string): readonly string[] {
    return this.#exact.has(written)
      ? [written]
      : this.#similar.get(normalised(written)) ?? [];
  }
}

/** A reference held against the declared resources: which one it is, or what is wrong with it. */
export type ResolvedReference =
  | { readonly ok: true; readonly reference: SecretReference }
  | { readonly ok: false; readonly message: string };

const PLAIN_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A name as it may stand in a message: whatever is not plainly a name may be something else. */
export function shownName(name: string): string {
  return PLAIN_NAME.test(name) ? name : '(not a name)';
}

function refused(message: string): ResolvedReference {
  return { ok: false, message };
}

function ambiguous(
  meanings: readonly string[],
  remedy: string,
): ResolvedReference {
  return refused(`could mean ${meanings.join(' or ')}: ${remedy}`);
}

/** Holds the references of one package against its resources. */
export class ReferenceResolver {
  readonly #names: NameFinder;

  constructor(private readonly resources: DeclaredResources) {
    this.#names = new NameFinder(Object.keys(resources));
  }

  resolve(written: WrittenReference): ResolvedReference {
    const { alternative } = written;
    const plain = this.#names.find(written.resource);
    const other = alternative ? this.#names.find(alternative.resource) : [];
    if (alternative && plain.length > 0 && other.length > 0) {
      return ambiguous(
        [
          `key ${shownName(written.key)} of ${shownName(plain[0])}`,
          `key ${shownName(alternative.key)} of ${shownName(other[0])}`,
        ],
        'rename one of the two resources',
      );
    }
    return alternative && other.length > 0
      ? this.#resolveKey(alternative, other)
      : this.#resolveKey(written, plain);
  }

  #resolveKey(
    { resource, key }: SecretReference,
    names: readonly string[],
  ): ResolvedReference {
    if (names.length === 0) {
      return refused(
        `refers to ${shownName(
          resource,
        )}, but spec.resources declares no resource of type secret with that name: add it, or correct the reference`,
      );
    }
    if (names.length > 1) {
      return ambiguous(
        names.map(shownName),
        'hyphens and underscores count alike, so write the name exactly',
      );
    }
    const [name] = names;
    const { keys } = this.resources[name];
    if (keys && !keys.includes(key)) {
      return refused(
        `refers to key ${shownName(
          key,
        )}, but spec.resources.${name}.params.keys lists only ${keys.join(
          ', ',
        )}: add the key, or correct the reference`,
      );
    }
    return { ok: true, reference: { resource: name, key } };
  }
}
