import {
  formatKey,
  KubernetesObject,
  ObjectKey,
  policyOwnerKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ObjectChange } from '../clusters/ObjectStore';

/** Finds the policies that were compiled from a key without a walk over all of its namespace. */
export class PolicyIndex {
  readonly #byOwner = new Map<string, Map<string, KubernetesObject>>();
  readonly #versions = new Map<string, number>();
  #changes = 0;

  /** Takes one change of a policy's cache in. */
  note({ before, after }: ObjectChange): void {
    if (before) this.#drop(before);
    if (after) this.#add(after);
    this.#changes += 1;
    for (const object of [before, after]) {
      const owner = object && policyOwnerKey(object);
      if (owner) this.#versions.set(formatKey(owner), this.#changes);
    }
  }

  /** Grows with every change of a policy of a key; 0 while there has been none. */
  versionOf(key: ObjectKey): number {
    return this.#versions.get(formatKey(key)) ?? 0;
  }

  /** Every policy of ours that was compiled from a key, under whatever name. */
  of(key: ObjectKey): KubernetesObject[] {
    return [...(this.#byOwner.get(formatKey(key))?.values() ?? [])];
  }

  #add(object: KubernetesObject): void {
    const owner = policyOwnerKey(object);
    if (!owner) return;
    const held = this.#byOwner.get(formatKey(owner)) ?? new Map();
    held.set(idOf(object), object);
    this.#byOwner.set(formatKey(owner), held);
  }

  #drop(object: KubernetesObject): void {
    const owner = policyOwnerKey(object);
    const held = owner && this.#byOwner.get(formatKey(owner));
    if (!held) return;
    held.delete(idOf(object));
    if (held.size === 0) this.#byOwner.delete(formatKey(owner));
  }
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
