import {
  KubernetesObject,
  LatticePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import { isOurs, keyOf } from './resolveSecrets';

/** Takes the owner reference off a package's ExternalSecrets, so that they outlive it. */
export async function disownSecrets(options: {
  readonly client: ClusterClient;
  readonly pkg: LatticePackage;
  readonly present: readonly KubernetesObject[];
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { uid } = options.pkg.metadata;
  for (const it of options.present) {
    const owners = it.metadata.ownerReferences;
    const index = Array.isArray(owners)
      ? owners.findIndex(owner => owner?.uid === uid)
      : -1;
    if (isOurs(it, options.pkg) && index >= 0) {
      const path = `/metadata/ownerReferences/${index}`;
      await options.client.jsonPatch(
        KINDS.ExternalSecret,
        keyOf(it),
        [
          { op: 'test', path: `${path}/uid`, value: uid },
          { op: 'remove', path },
        ],
        { signal: options.signal },
      );
    }
  }
}
