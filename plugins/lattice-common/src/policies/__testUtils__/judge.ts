import { KubernetesObject } from '../../api/object';

/**
 * A restatement of what Cilium and Istio's ambient mode decide about compiled policies, for tests. It reads the
 * emitted objects alone and shares no code with the compiler.
 */
export interface Pod {
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly serviceAccount: string;
  /** Whether the mesh has captured it. */
  readonly isEnrolled: boolean;
}

interface Selector {
  readonly matchLabels?: Record<string, string>;
}

interface NetworkRule {
  readonly fromEndpoints?: Selector[];
  readonly toEndpoints?: Selector[];
  readonly fromEntities?: string[];
  readonly toEntities?: string[];
  readonly toCIDR?: string[];
  readonly toFQDNs?: object[];
  readonly toPorts?: Array<{
    ports: Array<{ port: string; protocol: string }>;
  }>;
}

interface MeshRule {
  readonly from?: Array<{
    source: { principals: string[]; notPrincipals?: string[] };
  }>;
  readonly to?: Array<{ operation: { ports: string[] } }>;
}

interface NetworkSpec {
  readonly endpointSelector: Selector;
  readonly ingress?: NetworkRule[];
  readonly egress?: NetworkRule[];
}

interface MeshSpec {
  readonly selector?: Selector;
  readonly rules?: MeshRule[];
  readonly portLevelMtls?: Record<string, object>;
}

const networkSpec = ({ spec }: KubernetesObject) => spec as NetworkSpec;
const meshSpec = ({ spec }: KubernetesObject) => spec as MeshSpec;

/** Traffic as the network sees it. */
export interface Flow {
  readonly from: Pod;
  readonly to: Pod;
  readonly port: number;
  readonly protocol: string;
}

type Direction = 'ingress' | 'egress';

const CLUSTER = 'default';
const TRUST_DOMAIN = 'cluster.local';
const TUNNEL = 15008;

/** Whether traffic from one pod to a port of another passes both engines. */
export function passes(
  policies: readonly KubernetesObject[],
  from: Pod,
  to: Pod,
  [port, protocol]: readonly [number, 'TCP' | 'UDP'],
): boolean {
  const isTunnelled = protocol === 'TCP' && from.isEnrolled && to.isEnrolled;
  const flow = { from, to, port: isTunnelled ? TUNNEL : port, protocol };
  if (!networkAllows(policies, 'egress', flow)) return false;
  if (!networkAllows(policies, 'ingress', flow)) return false;
  if (protocol === 'UDP' || !to.isEnrolled) return true;
  const identity = isTunnelled
    ? `${TRUST_DOMAIN}/ns/${from.namespace}/sa/${from.serviceAccount}`
    : undefined;
  return meshAllows(policies, to, identity, port);
}

/** What Cilium decides on one side. */
export function networkAllows(
  policies: readonly KubernetesObject[],
  direction: Direction,
  { from, to, port, protocol }: Flow,
): boolean {
  const [subject, peer] = direction === 'ingress' ? [to, from] : [from, to];
  const rules = policies
    .filter(
      policy =>
        policy.kind === 'CiliumNetworkPolicy' &&
        policy.metadata.namespace === subject.namespace &&
        selects(networkSpec(policy).endpointSelector, subject),
    )
    // An absent or empty list says nothing about its direction.
    .map(policy => networkSpec(policy)[direction] ?? [])
    .filter(list => list.length > 0);
  if (rules.length === 0) return true;
  return rules.flat().some(rule => ruleMatches(rule, peer, port, protocol));
}

function ruleMatches(
  rule: NetworkRule,
  peer: Pod,
  port: number,
  protocol: string,
) {
  if (Object.keys(rule).length === 0) return false;
  const endpoints = rule.fromEndpoints ?? rule.toEndpoints;
  const namesOthers =
    rule.fromEntities ?? rule.toEntities ?? rule.toCIDR ?? rule.toFQDNs;
  if (namesOthers && !endpoints) return false;
  if (endpoints && !endpoints.some(one => selects(one, peer))) return false;
  return (
    !rule.toPorts?.length ||
    rule.toPorts.some(item =>
      item.ports.some(
        open => open.port === String(port) && open.protocol === protocol,
      ),
    )
  );
}

function selects(selector: Selector, pod: Pod): boolean {
  const identity: Record<string, string> = {
    'k8s:io.kubernetes.pod.namespace': pod.namespace,
    'k8s:io.cilium.k8s.policy.cluster': CLUSTER,
    'k8s:io.cilium.k8s.policy.serviceaccount': pod.serviceAccount,
  };
  for (const [key, value] of Object.entries(pod.labels))
    identity[`k8s:${key}`] = value;
  return Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => identity[key] === value,
  );
}

function meshAllows(
  policies: readonly KubernetesObject[],
  to: Pod,
  identity: string | undefined,
  port: number,
): boolean {
  const attached = policies.filter(policy => attaches(policy, to));
  const modes = attached.find(({ kind }) => kind === 'PeerAuthentication');
  if (modes && !identity && !meshSpec(modes).portLevelMtls?.[String(port)])
    return false;
  const allows = attached.filter(({ kind }) => kind === 'AuthorizationPolicy');
  if (allows.length === 0) return true;
  return allows
    .flatMap(policy => meshSpec(policy).rules ?? [])
    .some(rule => identityMatches(rule, identity) && portMatches(rule, port));
}

function attaches(policy: KubernetesObject, pod: Pod): boolean {
  if (policy.kind === 'CiliumNetworkPolicy') return false;
  if (policy.metadata.namespace !== pod.namespace) return false;
  const { selector } = meshSpec(policy);
  if (!selector) return true;
  const labels = Object.entries(selector.matchLabels ?? {});
  return (
    labels.length > 0 &&
    labels.every(([key, value]) => pod.labels[key] === value)
  );
}

function identityMatches(
  rule: MeshRule,
  identity: string | undefined,
): boolean {
  return (
    !rule.from ||
    rule.from.some(({ source }) => {
      if (source.notPrincipals) return identity === undefined;
      return source.principals.some((name: string) =>
        name.endsWith('*')
          ? identity?.startsWith(name.slice(0, -1)) ?? false
          : identity === name,
      );
    })
  );
}

function portMatches(rule: MeshRule, port: number): boolean {
  return (
    !rule.to ||
    rule.to.some(({ operation }) => operation.ports.includes(String(port)))
  );
}
