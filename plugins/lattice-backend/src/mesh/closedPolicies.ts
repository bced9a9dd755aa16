import {
  ClusterProfile,
  compileDenyOnly,
  denyOnly,
  KubernetesObject,
  LABEL_OWNER_UID,
  LatticeMember,
  ObjectKey,
  policyMetadata,
  policyName,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { memberSelects, policySelects } from './podSelection';

/** What a key that is going, or has gone, has left on the cluster. */
export interface Leftover {
  readonly key: ObjectKey;
  readonly live: readonly KubernetesObject[];
  /** What it declares, or did at last, if that can still be read. */
  readonly declaration: LatticeMember | undefined;
  /** Pods of its namespace. */
  readonly pods: readonly KubernetesObject[];
}

/** Whether a pod is left that the declaration or one of its policies selects. */
export function hasPods({ declaration, live, pods }: Leftover): boolean {
  return pods.some(
    pod =>
      (declaration && memberSelects(declaration, pod)) ||
      live.some(policy => policySelects(policy, pod)),
  );
}

/** The deny-only form of the policies that there are. Nothing is made that was not there. */
export function closedPolicies(
  { key, live, declaration }: Leftover,
  profile: ClusterProfile,
): KubernetesObject[] {
  const compiled = declaration ? compileDenyOnly(declaration, profile) : [];
  return live
    .filter(({ metadata }) => metadata.name === policyName(key))
    .flatMap(held => {
      const uid = held.metadata.labels?.[LABEL_OWNER_UID];
      const fresh = { ...held, metadata: policyMetadata(key, uid, []) };
      const same = compiled.find(({ kind }) => kind === held.kind);
      return same ?? denyOnly(fresh) ?? [];
    });
}
