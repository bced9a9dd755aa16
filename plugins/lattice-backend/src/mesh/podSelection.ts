import {
  KubernetesObject,
  LatticeMember,
  selectsPod,
} from '@lattice-portal/backstage-plugin-lattice-common';

const CILIUM_PREFIX = 'k8s:';

/** Labels as pods bear them. */
export type Labels = Readonly<Record<string, string>>;

/** Whether a pod can still send or receive: one that has ended needs no policy. */
export function isPodAlive(pod: KubernetesObject): boolean {
  const { phase } = (pod.status ?? {}) as { phase?: string };
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Whether a change of a pod can change who is selected by what. */
export function hasSelectionChanged(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): boolean {
  if (!before || !after) return true;
  const labels = ({ metadata }: KubernetesObject) =>
    JSON.stringify(Object.entries(metadata.labels ?? {}).sort());
  return (
    isPodAlive(before) !== isPodAlive(after) || labels(before) !== labels(after)
  );
}

/** Whether a member selects a pod of its namespace. */
export function memberSelects(
  member: LatticeMember,
  pod: KubernetesObject,
): boolean {
  return (
    pod.metadata.namespace === member.metadata.namespace &&
    selectsPod(member.spec.target, pod.metadata.labels ?? {})
  );
}

/** Whether a policy of ours selects a pod of its namespace, read off the policy itself. */
export function policySelects(
  policy: KubernetesObject,
  pod: KubernetesObject,
): boolean {
  if (pod.metadata.namespace !== policy.metadata.namespace) return false;
  const labels = pod.metadata.labels ?? {};
  return Object.entries(policyLabels(policy)).every(
    ([key, value]) => labels[key] === value,
  );
}

/** The labels by which a policy of ours selects; none = every pod of its namespace. */
export function policyLabels(policy: KubernetesObject): Labels {
  const { endpointSelector, selector } = (policy.spec ?? {}) as {
    endpointSelector?: { matchLabels?: Labels };
    selector?: { matchLabels?: Labels };
  };
  return Object.fromEntries(
    Object.entries((endpointSelector ?? selector)?.matchLabels ?? {}).map(
      ([key, value]) => [key.replace(CILIUM_PREFIX, ''), value],
    ),
  );
}
