import { LatticeMember } from '../api/memberModel';
import { ClusterProfile } from './ClusterProfile';
import { targetLabels } from './memberTarget';

/**
 * Labels that Cilium leaves out of identities unless it is configured otherwise, as patterns of how a key begins
 * (`defaultLabelPrefixCfg` in its source). A policy that selects by one of them selects no pod: it closes nothing.
 */
const IGNORED_LABELS = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation/,
  /^etcd_node/,
  /^topology\.kubernetes\.io/,
];

/** Whether a pod's label is part of its identity by Cilium's defaults. */
export function isIdentityLabel(key: string): boolean {
  return !IGNORED_LABELS.some(pattern => pattern.test(key));
}

/**
 * Labels of a member's selector that Cilium does not see on pods. With any of them the member's policy selects no
 * pod, and no policy of others means it.
 */
export function findIgnoredLabels(
  { spec }: LatticeMember,
  { engines, ignoredLabels = [] }: ClusterProfile,
): string[] {
  if (!engines.cilium) return [];
  return Object.keys(targetLabels(spec.target) ?? {}).filter(
    key =>
      !isIdentityLabel(key) ||
      ignoredLabels.some(beginning => key.startsWith(beginning)),
  );
}
