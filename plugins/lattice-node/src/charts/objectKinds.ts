import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** Groups whose objects shape traffic, secrets or Lattice itself. */
const POLICY_GROUPS: readonly string[] = [
  'cilium.io',
  'security.istio.io',
  'networking.istio.io',
  'external-secrets.io',
  'lattice.dev',
];

/** Cluster-scoped kinds of the built-in groups and of the groups that charts commonly bring. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'certificates.k8s.io/ClusterTrustBundle',
  'cert-manager.io/ClusterIssuer',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'external-secrets.io/ClusterExternalSecret',
  'external-secrets.io/ClusterSecretStore',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'gateway.networking.k8s.io/GatewayClass',
  'kyverno.io/ClusterPolicy',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/IPAddress',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'policy/PodSecurityPolicy',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'scheduling.k8s.io/PriorityClass',
  'security.openshift.io/SecurityContextConstraints',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
]);

/** Group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/**
 * Whether the kind is known to be cluster-scoped. A kind that nobody knows counts as namespaced here: the account's RBAC
 * is the wall behind this list.
 */
export function isClusterScoped(
  object: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): boolean {
  return CLUSTER_SCOPED.has(`${groupOf(object.apiVersion)}/${object.kind}`);
}

/** Whether a chart may bring such an object only with an explicit permit (allows add up, secrets reach past Cedar). */
export function isPolicyObject(
  object: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): boolean {
  const group = groupOf(object.apiVersion);
  if (
    ['networking.k8s.io', 'policy.networking.k8s.io', 'extensions'].includes(
      group,
    )
  ) {
    return object.kind.endsWith('NetworkPolicy');
  }
  return POLICY_GROUPS.some(it => group === it || group.endsWith(`.${it}`));
}
