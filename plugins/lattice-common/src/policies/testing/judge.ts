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

type Json = Record<string, any>;
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
  const networkPort = isTunnelled ? TUNNEL : port;
  if (!networkAllows(policies, 'egress', from, to, networkPort, protocol))
    return false;
  if (!networkAllows(policies, 'ingress', from, to, networkPort, protocol))
    return false;
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
  from: Pod,
  to: Pod,
  port: number,
  protocol: string,
): boolean {
  const [subject, peer] = direction === 'ingress' ? [to, from] : [from, to];
  const rules = policies
    .filter(
      policy =>
        policy.kind === 'CiliumNetworkPolicy' &&
        policy.metadata.namespace === subject.namespace &&
        selects((policy.spec as Json).endpointSelector, subject),
    )
    // An absent or empty list says nothing about its direction.
    .map(policy => ((policy.spec as Json)[direction] ?? []) as Json[])
    .filter(list => list.length > 0);
  if (rules.length === 0) return true;
  return rules.flat().some(rule => ruleMatches(rule, peer, port, protocol));
}

function ruleMatches(rule: Json, peer: Pod, port: number, protocol: string) {
  if (Object.keys(rule).length === 0) return false;
  const endpoints = rule.fromEndpoints ?? rule.toEndpoints;
  const namesOthers =
    rule.fromEntities ?? rule.toEntities ?? rule.toCIDR ?? rule.toFQDNs;
  if (namesOthers && !endpoints) return false;
  if (endpoints && !endpoints.some((one: Json) => selects(one, peer)))
    return false;
  return (
    !rule.toPorts?.length ||
    rule.toPorts.some((item: Json) =>
      item.ports.some(
        (open: Json) => open.port === String(port) && open.protocol === protocol,
      ),
    )
  );
}

function selects(selector: Json, pod: Pod): boolean {
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
  if (modes && !identity && !(modes.spec as Json).portLevelMtls?.[String(port)])
    return false;
  const allows = attached.filter(({ kind }) => kind === 'AuthorizationPolicy');
  if (allows.length === 0) return true;
  return allows
    .flatMap(policy => ((policy.spec as Json).rules ?? []) as Json[])
    .some(rule => identityMatches(rule, identity) && portMatches(rule, port));
}

function attaches(policy: KubernetesObject, pod: Pod): boolean {
  if (policy.kind === 'CiliumNetworkPolicy') return false;
  if (policy.metadata.namespace !== pod.namespace) return false;
  const { selector } = policy.spec as Json;
  if (!selector) return true;
  const labels = Object.entries(selector.matchLabels ?? {});
  return (
    labels.length > 0 && labels.every(([key, value]) => pod.labels[key] === value)
  );
}

function identityMatches(rule: Json, identity: string | undefined): boolean {
  return (
    !rule.from ||
    rule.from.some(({ source }: Json) => {
      if (source.notPrincipals) return identity === undefined;
      return source.principals.some((name: string) =>
        name.endsWith('*')
          ? identity?.startsWith(name.slice(0, -1))
          : identity === name,
      );
    })
  );
}

function portMatches(rule: Json, port: number): boolean {
  return (
    !rule.to ||
    rule.to.some(({ operation }: Json) => operation.ports.includes(String(port)))
  );
}
