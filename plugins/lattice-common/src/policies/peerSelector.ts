import { LatticeMember } from '../api/memberModel';
import { ClusterProfile } from './ClusterProfile';
import { memberFacts } from './memberFacts';
import { targetLabels } from './memberTarget';

const LABEL_POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const LABEL_CLUSTER = 'k8s:io.cilium.k8s.policy.cluster';
const LABEL_SERVICE_ACCOUNT = 'k8s:io.cilium.k8s.policy.serviceaccount';

type Labels = Readonly<Record<string, string>>;

/** How a rule of Cilium's selects pods. */
export interface PodSelector {
  [field: string]: { [label: string]: string };
  matchLabels: { [label: string]: string };
}

/** A member as a peer in a rule. A fresh object each time: whoever changes one policy changes no other. */
export function peerSelector(
  peer: LatticeMember,
  profile: ClusterProfile,
): PodSelector {
  const facts = memberFacts(peer);
  if (facts.peer?.profile === profile)
    return { matchLabels: { ...facts.peer.labels } };
  const { name, namespace } = peer.metadata;
  const { target, ambient, serviceAccount } = peer.spec;
  const isStated = !ambient && serviceAccount !== name;
  const labels = labelsIn(
    namespace,
    targetLabels(target) ?? {},
    profile,
    isStated ? { [LABEL_SERVICE_ACCOUNT]: serviceAccount } : {},
  );
  facts.peer = { profile, labels };
  return { matchLabels: { ...labels } };
}

/** Pods of a namespace with these labels. */
export function podSelector(
  namespace: string,
  labels: Labels,
  profile: ClusterProfile,
): PodSelector {
  return { matchLabels: labelsIn(namespace, labels, profile) };
}

/** Namespace and cluster always stand in a peer selector and always win over a user's label. */
function labelsIn(
  namespace: string,
  labels: Labels,
  profile: ClusterProfile,
  extra: Record<string, string> = {},
): Record<string, string> {
  return sortKeys({
    ...kubernetesLabels(labels),
    ...extra,
    [LABEL_POD_NAMESPACE]: namespace,
    [LABEL_CLUSTER]: profile.clusterName,
  });
}

/** Labels as Cilium names those that come from Kubernetes. */
export function kubernetesLabels(labels: Labels): Record<string, string> {
  const prefixed: Record<string, string> = {};
  for (const key of Object.keys(labels).sort())
    prefixed[`k8s:${key}`] = labels[key];
  return prefixed;
}

function sortKeys(labels: Record<string, string>): Record<string, string> {
  const sorted: Record<string, string> = {};
  for (const key of Object.keys(labels).sort()) sorted[key] = labels[key];
  return sorted;
}
