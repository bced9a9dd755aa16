import {
  ANNOTATION_POLICY_EDGES,
  ClusterProfile,
  KubernetesObject,
  LatticeMember,
  PORTAL_PREFIX,
} from '@lattice-portal/backstage-plugin-lattice-common';

const CILIUM_PREFIX = 'k8s:';
const LABEL_POD_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
/** Labels that Cilium itself gives to every pod. */
const CILIUM_LABELS = 'k8s:io.cilium.k8s.policy.';
const HIDDEN = '(hidden)';

/** Fields that say nothing of a peer, or only what the member itself has declared. */
const OWN_FIELDS = {
  spec: ['endpointSelector', 'selector', 'action', 'mtls', 'portLevelMtls'],
  ingress: ['fromEntities', 'fromCIDR', 'fromCIDRSet', 'toPorts'],
  egress: ['toEntities', 'toCIDR', 'toCIDRSet', 'toFQDNs', 'toPorts'],
};

type Rule = Record<string, unknown>;
type Direction = 'ingress' | 'egress';

/** What somebody who may read a member may see beside it. */
export interface FarSides {
  /** The member itself and the present partners that may be read. Nobody else is shown. */
  readonly readable: readonly LatticeMember[];
  /** Namespaces that the member's own declaration names: of other partners only these are called by their names. */
  readonly named: ReadonlySet<string>;
  /** Where names are resolved: that belongs to the cluster. */
  readonly dns: ClusterProfile['dns'];
}

/**
 * A policy as it may be shown to somebody who may read the member but perhaps not its peers: that there is an
 * agreement stays, the peer's labels, account and ports go, and so does its namespace where the member's declaration
 * does not name it. Whoever is not known as readable at present is hidden: a policy may be older than the agreements.
 * A rule or field that is not understood goes as a whole. Without far sides it is shown as it is.
 */
export function hideFarSides(
  policy: KubernetesObject,
  farSides: FarSides | undefined,
): KubernetesObject {
  if (!farSides) {
    return policy;
  }
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: {
      ...policy.metadata,
      annotations: ownAnnotations(policy.metadata.annotations ?? {}),
    },
    spec: hideInSpec(asRule(policy.spec), farSides),
  };
}

/** Others' annotations may hold a copy of the whole policy. */
function ownAnnotations(
  annotations: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(
      ([name]) =>
        name.startsWith(PORTAL_PREFIX) && name !== ANNOTATION_POLICY_EDGES,
    ),
  );
}

function hideInSpec(spec: Rule, farSides: FarSides): Rule {
  const shown = pick(spec, OWN_FIELDS.spec);
  for (const direction of ['ingress', 'egress'] as const) {
    if (direction in spec) {
      shown[direction] = distinct(
        asRules(spec[direction]).flatMap(rule =>
          hideInRule(rule, direction, farSides),
        ),
      );
    }
  }
  if ('rules' in spec) {
    shown.rules = asRules(spec.rules).flatMap(rule =>
      hidePrincipals(rule, farSides),
    );
  }
  return shown;
}

/** Cilium: the peer shrinks to its namespace; the ports of an outgoing rule are the peer's and go as well. */
function hideInRule(
  rule: Rule,
  direction: Direction,
  farSides: FarSides,
): Rule[] {
  const field = direction === 'ingress' ? 'fromEndpoints' : 'toEndpoints';
  const { [field]: endpoints, ...rest } = rule;
  if (!isOnly(rest, OWN_FIELDS[direction])) {
    return [];
  }
  if (!(field in rule)) {
    return [rule];
  }
  const selectors = asRules(endpoints);
  if (!selectors.every(isPlainSelector)) {
    return [];
  }
  if (selectors.every(selector => mayBeShown(selector, direction, farSides))) {
    return [rule];
  }
  const peers = distinct(
    selectors.map(selector => ({
      matchLabels: {
        [LABEL_POD_NAMESPACE]: namespaceAsShown(
          String(asRule(selector.matchLabels)[LABEL_POD_NAMESPACE]),
          farSides,
        ),
      },
    })),
  );
  return [
    direction === 'ingress'
      ? { ...rule, fromEndpoints: peers }
      : { toEndpoints: peers },
  ];
}

function isPlainSelector(selector: Rule): boolean {
  const namespace = asRule(selector.matchLabels)[LABEL_POD_NAMESPACE];
  return isOnly(selector, ['matchLabels']) && typeof namespace === 'string';
}

function mayBeShown(
  { matchLabels }: Rule,
  direction: Direction,
  { readable, dns }: FarSides,
): boolean {
  const written = asRule(matchLabels);
  const isOf = (namespace: string, labels: Readonly<Record<string, string>>) =>
    written[LABEL_POD_NAMESPACE] === namespace &&
    isSameLabels(userLabels(written), labels);
  const isPartner = readable.some(({ metadata, spec: { target } }) =>
    isOf(metadata.namespace, 'selector' in target ? target.selector : {}),
  );
  return (
    isPartner || (direction === 'egress' && isOf(dns.namespace, dns.labels))
  );
}

/** A selector's labels without those that Cilium itself gives. */
function userLabels(matchLabels: Rule): Rule {
  return Object.fromEntries(
    Object.entries(matchLabels)
      .filter(
        ([name]) =>
          name !== LABEL_POD_NAMESPACE && !name.startsWith(CILIUM_LABELS),
      )
      .map(([name, value]) => [name.replace(CILIUM_PREFIX, ''), value]),
  );
}

/** Istio: the account within the namespace goes. The ports are the member's own. */
function hidePrincipals(rule: Rule, farSides: FarSides): Rule[] {
  if (!isOnly(rule, ['from', 'to'])) {
    return [];
  }
  if (!('from' in rule)) {
    return [rule];
  }
  const from = asRules(rule.from).flatMap(({ source }) => {
    const { principals, ...rest } = asRule(source);
    if (!isOnly(rest, ['notPrincipals']) || !isEverybody(rest.notPrincipals)) {
      return [];
    }
    return Array.isArray(principals)
      ? { source: { ...rest, principals: hideAccounts(principals, farSides) } }
      : { source: rest };
  });
  return from.length > 0 ? [{ ...rule, from }] : [];
}

function isEverybody(principals: unknown): boolean {
  return (
    principals === undefined ||
    (Array.isArray(principals) && principals.every(one => one === '*'))
  );
}

function hideAccounts(
  principals: readonly unknown[],
  farSides: FarSides,
): string[] {
  const shown = principals.flatMap(principal => {
    const parts = /^(.*\/ns\/)([^/]+)(\/sa\/)([^/]*)$/.exec(String(principal));
    if (!parts) {
      return [];
    }
    const [whole, head, namespace, middle, account] = parts;
    const isReadable = farSides.readable.some(
      ({ metadata, spec: { target, serviceAccount } }) =>
        metadata.namespace === namespace &&
        account === ('namespace' in target ? '*' : serviceAccount),
    );
    return isReadable
      ? whole
      : `${head}${namespaceAsShown(namespace, farSides)}${middle}${HIDDEN}`;
  });
  return [...new Set(shown)];
}

function namespaceAsShown(namespace: string, { named }: FarSides): string {
  return named.has(namespace) ? namespace : HIDDEN;
}

function isSameLabels(a: Rule, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => a[name] === b[name])
  );
}

function isOnly(value: Rule, fields: readonly string[]): boolean {
  return Object.keys(value).every(field => fields.includes(field));
}

function pick(value: Rule, fields: readonly string[]): Rule {
  return Object.fromEntries(
    Object.entries(value).filter(([field]) => fields.includes(field)),
  );
}

/** How many are hidden is not told either. */
function distinct(rules: readonly Rule[]): Rule[] {
  const seen = new Map(rules.map(rule => [JSON.stringify(rule), rule]));
  return [...seen.values()];
}

function asRule(value: unknown): Rule {
  return typeof value === 'object' && value !== null ? (value as Rule) : {};
}

function asRules(value: unknown): Rule[] {
  return Array.isArray(value) ? value.map(asRule) : [];
}
