import {
  ANNOTATION_POLICY_EDGES,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';

const LABEL_POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const HIDDEN = '(hidden)';

type Rule = Record<string, unknown>;

/** What somebody who may read a member may not read beside it. */
export interface FarSides {
  /** Namespaces of peers that may not be read. */
  readonly hidden: ReadonlySet<string>;
  /** Namespaces that the member's own declaration names: only these are called by their names. */
  readonly named: ReadonlySet<string>;
}

/**
 * A policy as it may be shown to somebody who may read the member but perhaps not its peers: that there is an
 * agreement stays, the peer's labels, account and ports go, and so does its namespace where the member's declaration
 * does not name it. A rule that is not understood goes as a whole. Without far sides it is shown as it is.
 */
export function hideFarSides(
  policy: KubernetesObject,
  farSides: FarSides | undefined,
): KubernetesObject {
  if (!farSides) {
    return policy;
  }
  const { [ANNOTATION_POLICY_EDGES]: _edges, ...annotations } =
    policy.metadata.annotations ?? {};
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: { ...policy.metadata, annotations },
    spec: hideInSpec(asRule(policy.spec), farSides),
  };
}

function hideInSpec(spec: Rule, farSides: FarSides): Rule {
  const shown: Rule = { ...spec };
  if ('ingress' in spec) {
    shown.ingress = asRules(spec.ingress).flatMap(rule =>
      hideInRule(rule, 'fromEndpoints', farSides),
    );
  }
  if ('egress' in spec) {
    shown.egress = asRules(spec.egress).flatMap(rule =>
      hideInRule(rule, 'toEndpoints', farSides),
    );
  }
  if ('rules' in spec) {
    shown.rules = asRules(spec.rules).map(rule =>
      hidePrincipals(rule, farSides),
    );
  }
  return shown;
}

/** Cilium: the peer shrinks to its namespace; the ports of an outgoing rule are the peer's and go as well. */
function hideInRule(
  rule: Rule,
  field: 'fromEndpoints' | 'toEndpoints',
  farSides: FarSides,
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
  if (!namespaces.some(namespace => farSides.hidden.has(namespace as string))) {
    return [rule];
  }
  const peers = namespaces.map(namespace => ({
    matchLabels: {
      [LABEL_POD_NAMESPACE]: namespaceAsShown(namespace as string, farSides),
    },
  }));
  return [
    field === 'fromEndpoints'
      ? { ...rule, fromEndpoints: peers }
      : { toEndpoints: peers },
  ];
}

/** Istio: the account within the namespace goes. The ports are the member's own. */
function hidePrincipals(rule: Rule, farSides: FarSides): Rule {
  return {
    ...rule,
    ...('from' in rule && {
      from: asRules(rule.from).map(from => {
        const source = asRule(from.source);
        return Array.isArray(source.principals)
          ? {
              source: {
                ...source,
                principals: hideAccounts(source.principals, farSides),
              },
            }
          : from;
      }),
    }),
  };
}

function hideAccounts(
  principals: readonly unknown[],
  farSides: FarSides,
): string[] {
  const shown = principals.flatMap(principal => {
    const parts = /^(.*\/ns\/)([^/]+)(\/sa\/)[^/]*$/.exec(String(principal));
    if (!parts) {
      return [];
    }
    const [whole, head, namespace, middle] = parts;
    return farSides.hidden.has(namespace)
      ? `${head}${namespaceAsShown(namespace, farSides)}${middle}${HIDDEN}`
      : whole;
  });
  return [...new Set(shown)];
}

function namespaceAsShown(
  namespace: string,
  { hidden, named }: FarSides,
): string {
  return !hidden.has(namespace) || named.has(namespace) ? namespace : HIDDEN;
}

function asRule(value: unknown): Rule {
  return typeof value === 'object' && value !== null ? (value as Rule) : {};
}

function asRules(value: unknown): Rule[] {
  return Array.isArray(value) ? value.map(asRule) : [];
}
