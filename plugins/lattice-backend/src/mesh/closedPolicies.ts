import {
  ClusterProfile,
  compileDenyOnly,
  denyOnly,
  KubernetesObject,
  LABEL_OWNER_UID,
  LatticeMember,
  ObjectKey,
  policyMetadata,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isOwnPolicy } from './outgrownPolicies';
import { policySelects } from './podSelection';

/** What a key that is going, or has gone, has left on the cluster. */
export interface Leftover {
  readonly key: ObjectKey;
  readonly live: readonly KubernetesObject[];
  /** What it declares, or did at last, if that can still be read. */
  readonly declaration: LatticeMember | undefined;
  /** Pods of its namespace. */
  readonly pods: readonly KubernetesObject[];
}

/**
 * The deny-only form of the key's own policies that there are, as far as a pod is left to them. Nothing is made that
 * was not there.
 */
export function closedPolicies(
  { key, live, declaration, pods }: Leftover,
  profile: ClusterProfile,
): KubernetesObject[] {
  const compiled = declaration ? compileDenyOnly(declaration, profile) : [];
  return live
    .filter(isOwnPolicy)
    .flatMap(held => {
      const uid = held.metadata.labels?.[LABEL_OWNER_UID];
      const fresh = { ...held, metadata: policyMetadata(key, uid, []) };
      const same = compiled.find(({ kind }) => kind === held.kind);
      return same ?? denyOnly(fresh) ?? [];
    })
    .filter(policy => pods.some(pod => policySelects(policy, pod)));
}
