/** One finding of an admission rule. */
export interface Violation {
  /** Stable id of the rule, such as `version-pinned`. */
  readonly rule: string;
  /** Only errors refuse an object. */
  readonly severity: 'error' | 'warning';
  /** The field, as the user wrote it. */
  readonly path: string;
  /** What is wrong, why it matters, what to do. Never holds a value from `values` or a secret. */
  readonly message: string;
}

/** What the platform team allows, from the configuration. */
export interface AdmissionRules {
  /** `oci://host/path` or `https://host/path`; covers the paths below it. Empty = no repository is allowed. */
  readonly allowedRepositories: readonly string[];
  readonly protectedNamespaces: readonly string[];
  /** `namespace/name` of objects that may use protected namespaces. */
  readonly platformObjects: readonly string[];
}

/** Namespaces that packages and members may not use unless exempted. */
export const DEFAULT_PROTECTED_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'lattice-system',
  'istio-system',
  'cilium-system',
  'cert-manager',
  'external-secrets',
  'capi-system',
  'capi-kubeadm-bootstrap-system',
  'capi-kubeadm-control-plane-system',
  'rke2-bootstrap-system',
  'rke2-control-plane-system',
  'capd-system',
  'capo-system',
  'capa-system',
  'capmox-system',
  'capi-ipam-in-cluster-system',
  'external-dns',
  'velero',
];

/** What a check finds: where in the normalised model, and what. */
export interface Finding {
  readonly path: string;
  readonly message: string;
  readonly severity?: 'error' | 'warning';
}

/** One small named check of an object. */
export interface Check<T> {
  readonly rule: string;
  check(subject: T, rules: AdmissionRules): Finding | Finding[] | undefined;
}

/** Runs checks in order and gathers all that they find. */
export function runChecks<T>(
  checks: readonly Check<T>[],
  subject: T,
  rules: AdmissionRules,
  pathOf: (path: string) => string,
): Violation[] {
  return checks.flatMap(({ rule, check }) =>
    [check(subject, rules) ?? []].flat().map(finding => ({
      rule,
      severity: finding.severity ?? ('error' as const),
      path: pathOf(finding.path),
      message: finding.message,
    })),
  );
}
