import {
  ANNOTATION_POLICY_EDGES,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';

const LABEL_POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const HIDDEN_ACCOUNT = '(hidden)';

type Rule = Record<string, unknown>;

/**
 * A policy as it may be shown to somebody who may read the member but not those of its peers that lie in these
 * namespaces: that there is an agreement stays, the peer's labels, account and ports go. A rule that is not
 * understood goes as a whole.
 */
export function hideFarSides(
  policy: KubernetesObject,
  hiddenNamespaces: ReadonlySet<string>,
): KubernetesObject {
  if (hiddenNamespaces.size === 0) {
    return policy;
  }
  const { [ANNOTATION_POLICY_EDGES]: _edges, ...annotations } =
    policy.metadata.annotations ?? {};
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: { ...policy.metadata, annotations },
    spec: hideInSpec(asRule(policy.spec), hiddenNamespaces),
  };
}

function hideInSpec(spec: Rule, hidden: ReadonlySet<string>): Rule {
  const shown: Rule = { ...spec };
  if ('ingress' in spec) {
    shown.ingress = asRules(spec.ingress).flatMap(rule =>
      hideInRule(rule, 'fromEndpoints', hidden),
    );
  }
  if ('egress' in spec) {
    shown.egress = asRules(spec.egress).flatMap(rule =>
      hideInRule(rule, 'toEndpoints', hidden),
    );
  }
  if ('rules' in spec) {
    shown.rules = asRules(spec.rules).map(rule => hidePrincipals(rule, hidden));
  }
  return shown;
}

/** Cilium: the peer shrinks to its namespace; the ports of an outgoing rule are the peer's and go as well. */
function hideInRule(
  rule: Rule,
  field: 'fromEndpoints' | 'toEndpoints',
  hidden: ReadonlySet<string>,
): Rule[] {
  if (!(field in rule)) {
    return [rule];
  }
  const namespaces = asRules(rule[field]).map(
    endpoint => asRule(endpoint.matchLabels)[LABEL_POD_NAMESPACE],
  );
  if (namespaces.some(namespace => typeof namespace !== 'string')) {
    return [];
  }
  if (!namespaces.some(namespace => hidden.has(namespace as string))) {
    return [rule];
  }
  const peers = namespaces.map(namespace => ({
    matchLabels: { [LABEL_POD_NAMESPACE]: namespace },
  }));
  return [
    field === 'fromEndpoints'
      ? { ...rule, fromEndpoints: peers }
      : { toEndpoints: peers },
  ];
}

/** Istio: the account within the namespace goes. The ports are the member's own. */
function hidePrincipals(rule: Rule, hidden: ReadonlySet<string>): Rule {
  return {
    ...rule,
    ...('from' in rule && {
      from: asRules(rule.from).map(from => {
        const source = asRule(from.source);
        return Array.isArray(source.principals)
          ? {
              source: {
                ...source,
                principals: hideAccounts(source.principals, hidden),
              },
            }
          : from;
      }),
    }),
  };
}

function hideAccounts(
  principals: readonly unknown[],
  hidden: ReadonlySet<string>,
): string[] {
  const shown = principals.flatMap(principal => {
    const parts = /^(.*\/ns\/([^/]+)\/sa\/)[^/]*$/.exec(String(principal));
    if (!parts) {
      return [];
    }
    const [whole, head, namespace] = parts;
    return [hidden.has(namespace) ? `${head}${HIDDEN_ACCOUNT}` : whole];
  });
  return [...new Set(shown)];
}

function asRule(value: unknown): Rule {
  return typeof value === 'object' && value !== null ? (value as Rule) : {};
}

function asRules(value: unknown): Rule[] {
  return Array.isArray(value) ? value.map(asRule) : [];
}
