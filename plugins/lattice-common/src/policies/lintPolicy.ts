import { KubernetesObject } from '../api/object';
import { isRecord } from './isSamePolicy';
import { lintLimits } from './lintLimits';
import { isOurPolicy } from './policyIdentity';

type Json = Record<string, unknown>;

const PEER_FIELDS = {
  ingress: ['fromEndpoints', 'fromEntities'],
  egress: ['toEndpoints', 'toEntities', 'toCIDR', 'toFQDNs'],
};
const PEER_LABELS = [
  'k8s:io.kubernetes.pod.namespace',
  'k8s:io.cilium.k8s.policy.cluster',
];
const MAX_NAME = 63;
const MAX_PORTS = 40;

/**
 * What is wrong with a compiled policy: shapes that an engine would read as "anyone", "any port" or "nothing said".
 * Empty for every object that the compiler may emit.
 */
export function lintPolicy(object: KubernetesObject): string[] {
  const spec = isRecord(object.spec) ? object.spec : {};
  return [
    ...lintFrame(object),
    ...findEmpty(spec, 'spec', object.kind),
    ...lintKind(object.kind, spec),
    ...lintLimits(object),
  ];
}

function lintKind(kind: string, spec: Json): string[] {
  switch (kind) {
    case 'CiliumNetworkPolicy':
      return lintCilium(spec);
    case 'AuthorizationPolicy':
      return lintAuthorization(spec);
    case 'PeerAuthentication':
      return lintAuthentication(spec);
    default:
      return [`kind ${kind} is not one that the compiler makes`];
  }
}

function lintFrame(object: KubernetesObject): string[] {
  const { name, namespace, ownerReferences } = object.metadata;
  const problems: string[] = [];
  if (!namespace) problems.push('metadata.namespace is missing');
  if (name.length > MAX_NAME) problems.push('metadata.name is too long');
  if (!isOurPolicy(object)) problems.push('our labels are missing');
  if (ownerReferences) problems.push('an owner reference would open pods');
  for (const field of Object.keys(object))
    if (!['apiVersion', 'kind', 'metadata', 'spec'].includes(field))
      problems.push(`unexpected field ${field}`);
  return problems;
}

/** Engines read an empty list or object as everything, or as nothing said; only the deny rule and a whole-namespace selector may be empty. */
function findEmpty(value: unknown, path: string, kind: string): string[] {
  if (value === undefined) return [`${path} is undefined`];
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${path} is an empty list`];
    return value.flatMap((item, i) => findEmpty(item, `${path}[${i}]`, kind));
  }
  if (!isRecord(value)) return [];
  const mayBeEmpty =
    kind === 'CiliumNetworkPolicy' &&
    /^spec\.(endpointSelector|ingress\[0\]|egress\[0\])$/.test(path);
  if (Object.keys(value).length === 0)
    return mayBeEmpty ? [] : [`${path} is empty`];
  return Object.entries(value).flatMap(([key, item]) =>
    findEmpty(item, `${path}.${key}`, kind),
  );
}

function lintCilium(spec: Json): string[] {
  const problems = lintFields(spec, ['endpointSelector', 'ingress', 'egress']);
  if (!isRecord(spec.endpointSelector))
    problems.push('endpointSelector is missing');
  problems.push(...lintLabels(spec.endpointSelector, 'endpointSelector'));
  for (const direction of ['ingress', 'egress'] as const) {
    const rules = list(spec[direction]);
    if (!rules[0] || Object.keys(rules[0]).length > 0)
      problems.push(`${direction} does not begin with the deny rule`);
    rules
      .slice(1)
      .forEach((rule, index) =>
        problems.push(
          ...lintRule(rule, direction, `${direction}[${index + 1}]`),
        ),
      );
  }
  return [...problems, ...lintNamedEgress(list(spec.egress))];
}

/** Cilium learns the addresses of names from the answers that its DNS proxy sees, and only from those. */
function lintNamedEgress(egress: readonly Json[]): string[] {
  const isNamed = egress.some(rule => 'toFQDNs' in rule);
  const isProxied = egress
    .flatMap(rule => list(rule.toPorts))
    .some(({ rules }) => isRecord(rules) && 'dns' in rules);
  return isNamed && !isProxied
    ? ['egress by name needs a rule that sends DNS through the proxy']
    : [];
}

function lintRule(
  rule: Json,
  direction: 'ingress' | 'egress',
  path: string,
): string[] {
  const fields = Object.keys(rule);
  const peers = fields.filter(field => PEER_FIELDS[direction].includes(field));
  const problems: string[] = [];
  if (peers.length !== 1 || fields.length !== 2 || !('toPorts' in rule))
    problems.push(`${path} must have one kind of peer, and ports`);
  for (const selector of [
    ...list(rule.fromEndpoints),
    ...list(rule.toEndpoints),
  ]) {
    const labels = isRecord(selector.matchLabels) ? selector.matchLabels : {};
    for (const label of PEER_LABELS)
      if (!labels[label]) problems.push(`${path} selects without ${label}`);
    problems.push(...lintLabels(selector, path));
  }
  for (const item of list(rule.toPorts)) {
    const ports = list(item.ports);
    if (ports.length === 0 || ports.length > MAX_PORTS)
      problems.push(`${path} has an item of ${ports.length} ports`);
    if (!ports.every(({ port }) => isPort(port)))
      problems.push(`${path} has a port that is not a number`);
  }
  return problems;
}

function lintLabels(selector: unknown, path: string): string[] {
  const fields = isRecord(selector) ? selector : {};
  const labels = isRecord(fields.matchLabels) ? fields.matchLabels : {};
  return [
    ...lintFields(fields, ['matchLabels']),
    ...Object.keys(labels)
      .filter(key => !/^k8s:[^:]+$/.test(key))
      .map(key => `${path} has the label key ${key} without the k8s prefix`),
  ];
}

function lintAuthorization(spec: Json): string[] {
  const problems = lintFields(spec, ['selector', 'action', 'rules']);
  if (spec.action !== 'ALLOW') problems.push('action is not ALLOW');
  list(spec.rules).forEach((rule, index) => {
    const path = `rules[${index}]`;
    const sources = list(rule.from).map(({ source }) => source);
    const operations = list(rule.to).map(({ operation }) => operation);
    if (sources.length === 0 || operations.length === 0)
      problems.push(`${path} must say both who and which ports`);
    if (!sources.every(isKnownSource))
      problems.push(`${path} has a source that is not understood`);
    for (const operation of operations) {
      const ports = isRecord(operation) ? operation.ports : undefined;
      if (!Array.isArray(ports) || !ports.every(isPort))
        problems.push(`${path} must name ports by number`);
    }
  });
  return problems;
}

function isKnownSource(source: unknown): boolean {
  if (!isRecord(source) || Object.keys(source).length !== 1) return false;
  const { principals, notPrincipals } = source;
  if (Array.isArray(notPrincipals))
    return notPrincipals.length === 1 && notPrincipals[0] === '*';
  return (
    Array.isArray(principals) &&
    principals.every(
      name =>
        typeof name === 'string' &&
        /^[^/*]+\/ns\/[^/*]+\/sa\/([^/*]+|\*)$/.test(name),
    )
  );
}

function lintAuthentication(spec: Json): string[] {
  const problems = lintFields(spec, ['selector', 'mtls', 'portLevelMtls']);
  const { selector, mtls, portLevelMtls } = spec;
  if (!isRecord(selector) || !isRecord(selector.matchLabels))
    problems.push('modes per port need a selector');
  if (!isRecord(mtls) || mtls.mode !== 'STRICT')
    problems.push('mtls is not STRICT');
  for (const [port, mode] of Object.entries(
    isRecord(portLevelMtls) ? portLevelMtls : {},
  ))
    if (!isPort(port) || !isRecord(mode) || mode.mode !== 'PERMISSIVE')
      problems.push(`portLevelMtls.${port} is not understood`);
  return problems;
}

function lintFields(value: Json, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter(field => !known.includes(field))
    .map(field => `unexpected field ${field}`);
}

function isPort(port: unknown): boolean {
  return (
    typeof port === 'string' &&
    /^[1-9]\d{0,4}$/.test(port) &&
    Number(port) <= 65535
  );
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
