import { RuleId, ruleLink } from './ruleIds';

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
  /** Where the rule is explained: page and heading, below the root of the documentation. */
  readonly link: string;
}

/** What the platform team allows, from the configuration. */
export interface AdmissionRules {
  /** `oci://host/path` or `https://host/path`; covers the paths below it. Empty = no repository is allowed. */
  readonly allowedRepositories: readonly string[];
  readonly protectedNamespaces: readonly string[];
  /** `namespace/name` of objects that may use protected namespaces, and whose egress may be wide. */
  readonly platformObjects: readonly string[];
  /** Where CedarPolicy objects count; absent = not checked. */
  readonly cedarNamespace?: string;
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
  readonly rule: RuleId;
  check(subject: T, rules: AdmissionRules): Finding | Finding[] | undefined;
}

/** Runs checks in order and gathers all that they find. */
export function runChecks<T>(
  checks: readonly Check<T>[],
  subject: T,
  rules: AdmissionRules,
  pathOf: (path: string) => string,
): Violation[] {
  const violations: Violation[] = [];
  for (const { rule, check } of checks) {
    const found = check(subject, rules);
    if (found) {
      for (const finding of Array.isArray(found) ? found : [found]) {
        violations.push({
          rule,
          severity: finding.severity ?? 'error',
          path: pathOf(finding.path),
          message: finding.message,
          link: ruleLink(rule),
        });
      }
    }
  }
  return violations;
}
