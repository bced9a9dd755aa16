import {
  formatKey,
  KubernetesObject,
  LatticeMember,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isOwnPolicy } from './outgrownPolicies';
import { Labels, policyLabels } from './podSelection';

interface Standing {
  readonly version: string;
  readonly labels: Labels;
}

/**
 * Remembers by which labels the policies of each declaration have come to stand. It tells a changed declaration, whose
 * former pods must stay closed, from a policy whose selector somebody has edited, which is simply put right.
 */
export class StandingSelectors {
  readonly #standing = new Map<string, Standing>();

  /** The policies of a declaration stand now. */
  note(
    key: ObjectKey,
    declaration: LatticeMember | undefined,
    wanted: readonly KubernetesObject[],
  ): void {
    const [first] = wanted;
    if (!declaration || !first) this.#standing.delete(formatKey(key));
    else
      this.#standing.set(formatKey(key), {
        version: versionOf(declaration),
        labels: policyLabels(first),
      });
  }

  /**
   * Labels by which a key's pods have been selected so far: none when its policies have stood for this very
   * declaration. After a start nothing is remembered, and the policies themselves are believed.
   */
  former(
    key: ObjectKey,
    declaration: LatticeMember | undefined,
    live: readonly KubernetesObject[],
  ): Labels[] {
    const standing = this.#standing.get(formatKey(key));
    if (standing && declaration && standing.version === versionOf(declaration))
      return [];
    return [
      ...(standing ? [standing.labels] : []),
      ...live.filter(isOwnPolicy).map(policyLabels),
    ];
  }
}

function versionOf({ kind, metadata }: LatticeMember): string {
  return `${kind} ${metadata.uid} ${metadata.generation}`;
}
