const DROPPED = [
  'KUBECONFIG',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  // Loader hooks of the caller (a test runner, the backend) have no business in our children.
  'NODE_OPTIONS',
];
const DROPPED_PREFIXES = ['HELM_', 'KUBECTL_'];

/**
 * Environment for a child of the lab: the caller's without anything that names a cluster, so that no child can ever
 * reach one that the lab did not start.
 */
export function childEnvironment(
  base: NodeJS.ProcessEnv,
  extra: Record<string, string> = {},
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    const isDropped =
      DROPPED.includes(name) ||
      DROPPED_PREFIXES.some(prefix => name.startsWith(prefix));
    if (value !== undefined && !isDropped) {
      kept[name] = value;
    }
  }
  return { ...kept, ...extra };
}
