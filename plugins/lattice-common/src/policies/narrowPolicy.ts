import { KubernetesObject } from '../api/object';
import { isEqualJson, isRecord } from './isSamePolicy';

type Json = Record<string, unknown>;

/**
 * The part of a wanted policy that the live one allows already: what may be written before anything is opened.
 * Allowed traffic that stays allowed is in it, so that nothing is interrupted.
 */
export function narrowPolicy(
  wanted: KubernetesObject,
  live: KubernetesObject,
): KubernetesObject {
  const spec = record(wanted.spec);
  const liveSpec = record(live.spec);
  switch (wanted.kind) {
    case 'CiliumNetworkPolicy':
      return withSpec(wanted, {
        ...spec,
        ingress: commonCiliumRules(spec.ingress, liveSpec.ingress),
        egress: commonCiliumRules(spec.egress, liveSpec.egress),
      });
    case 'AuthorizationPolicy':
      return withSpec(wanted, {
        ...spec,
        rules: orAbsent(commonIstioRules(spec.rules, liveSpec.rules)),
      });
    default:
      return withSpec(wanted, {
        ...spec,
        portLevelMtls: commonPortModes(
          spec.portLevelMtls,
          liveSpec.portLevelMtls,
        ),
      });
  }
}

/** The same policy with every allowance taken out, or `undefined` where the kind has no such form. */
export function denyOnly(
  policy: KubernetesObject,
): KubernetesObject | undefined {
  const { endpointSelector, selector } = record(policy.spec);
  switch (policy.kind) {
    case 'CiliumNetworkPolicy':
      return withSpec(policy, {
        endpointSelector: endpointSelector ?? {},
        ingress: [{}],
        egress: [{}],
      });
    case 'AuthorizationPolicy':
      return withSpec(policy, { selector, action: 'ALLOW' });
    default:
      return undefined;
  }
}

function commonCiliumRules(wanted: unknown, live: unknown): Json[] {
  const wantedRules = list(wanted);
  const wantedPeers = groupByPeer(wantedRules);
  const livePeers = groupByPeer(list(live));
  const gone = list(live).filter(rule => !wantedPeers.has(peerOf(rule)));
  const common = wantedRules.flatMap(rule => {
    if (Object.keys(rule).length === 0) return [rule];
    const same = livePeers.get(peerOf(rule));
    if (same) return withCommonPorts(rule, same);
    // Labels of a peer have changed, perhaps: whoever has the old and the new ones is let in by both.
    return gone.flatMap(other => {
      const peer = commonPeer(rule, other);
      return peer ? withCommonPorts({ ...rule, ...peer }, [other]) : [];
    });
  });
  return common.filter(
    (rule, index) =>
      wantedPeers.has(peerOf(rule)) ||
      !common.some(
        (other, at) =>
          at !== index &&
          isImplied(rule, other) &&
          !(at > index && isImplied(other, rule)),
      ),
  );
}

function groupByPeer(rules: readonly Json[]): Map<string, Json[]> {
  const groups = new Map<string, Json[]>();
  for (const rule of rules) {
    const group = groups.get(peerOf(rule));
    if (group) group.push(rule);
    else groups.set(peerOf(rule), [rule]);
  }
  return groups;
}

/** Whether a rule says nothing that the other one does not say. */
function isImplied(rule: Json, by: Json): boolean {
  const peer = commonPeer(rule, by);
  return (
    peer !== undefined &&
    isEqualJson({ ...rule, ...peer }, rule) &&
    list(rule.toPorts)
      .flatMap(({ ports }) => list(ports))
      .every(port => opensPort(by, port))
  );
}

function withCommonPorts(rule: Json, matching: readonly Json[]): Json[] {
  const toPorts = list(rule.toPorts).flatMap(item => {
    const ports = list(item.ports).filter(port =>
      matching.some(other => opensPort(other, port)),
    );
    return ports.length > 0 ? [{ ...item, ports }] : [];
  });
  return toPorts.length > 0 ? [{ ...rule, toPorts }] : [];
}

/** The pods that two rules both mean, where both say so by labels alone. */
function commonPeer(a: Json, b: Json): Json | undefined {
  for (const field of ['fromEndpoints', 'toEndpoints']) {
    const [one, other] = [labelsOf(a[field]), labelsOf(b[field])];
    if (!one || !other) continue;
    const labels = Object.entries({ ...other, ...one });
    if (labels.some(([key, value]) => (other[key] ?? value) !== value))
      return undefined;
    labels.sort(([x], [y]) => (x < y ? -1 : 1));
    return { [field]: [{ matchLabels: Object.fromEntries(labels) }] };
  }
  return undefined;
}

function labelsOf(selectors: unknown): Json | undefined {
  const [selector] = list(selectors);
  const labels = record(selector?.matchLabels);
  return isEqualJson(selectors, [{ matchLabels: labels }]) ? labels : undefined;
}

/** Whom a rule is about, as text. */
function peerOf({ toPorts: _ports, ...peer }: Json): string {
  return JSON.stringify(peer, (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}

function opensPort(rule: Json, port: Json): boolean {
  return list(rule.toPorts).some(item =>
    list(item.ports).some(other => isEqualJson(other, port)),
  );
}

/** Who and which ports that a rule of ours names. */
interface IstioRule {
  readonly field: 'principals' | 'notPrincipals';
  readonly who: readonly unknown[];
  readonly ports: readonly unknown[];
}

function commonIstioRules(wanted: unknown, live: unknown): Json[] {
  const common: Json[] = [];
  for (const rule of list(wanted).flatMap(readIstioRule)) {
    for (const other of list(live).flatMap(readIstioRule)) {
      if (other.field !== rule.field) continue;
      const who = commonNames(rule.who, other.who);
      const ports = rule.ports.filter(port => other.ports.includes(port));
      if (who.length === 0 || ports.length === 0) continue;
      const kept = {
        from: [{ source: { [rule.field]: who } }],
        to: [{ operation: { ports } }],
      };
      if (!common.some(one => isEqualJson(one, kept))) common.push(kept);
    }
  }
  return common;
}

/** Names on both lists; a star at the end of one stands for every name of the other that begins so. */
function commonNames(
  wanted: readonly unknown[],
  live: readonly unknown[],
): unknown[] {
  const common = [
    ...wanted.filter(isNamedBy(live)),
    ...live.filter(isNamedBy(wanted)),
  ];
  return [...new Set(common)].sort();
}

function isNamedBy(names: readonly unknown[]): (name: unknown) => boolean {
  const exact = new Set(names);
  const beginnings = names
    .map(String)
    .filter(name => name.endsWith('/*'))
    .map(name => name.slice(0, -1));
  return name =>
    exact.has(name) ||
    beginnings.some(beginning => String(name).startsWith(beginning));
}

/** Only the exact shape that we write is understood; any other live rule keeps nothing open. */
function readIstioRule(rule: Json): IstioRule[] {
  const source = record(list(rule.from)[0]?.source);
  const operation = record(list(rule.to)[0]?.operation);
  const field = 'principals' in source ? 'principals' : 'notPrincipals';
  const who = source[field];
  const { ports } = operation;
  if (!Array.isArray(who) || !Array.isArray(ports)) return [];
  const shape = {
    from: [{ source: { [field]: who } }],
    to: [{ operation: { ports } }],
  };
  return isEqualJson(rule, shape) ? [{ field, who, ports }] : [];
}

function commonPortModes(wanted: unknown, live: unknown): Json | undefined {
  const liveModes = record(live);
  const common = Object.entries(record(wanted)).filter(([port, mode]) =>
    isEqualJson(liveModes[port], mode),
  );
  return common.length > 0 ? Object.fromEntries(common) : undefined;
}

function withSpec(policy: KubernetesObject, spec: Json): KubernetesObject {
  const present = Object.entries(spec).filter(
    ([, value]) => value !== undefined,
  );
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: policy.metadata,
    spec: Object.fromEntries(present),
  };
}

function orAbsent(rules: Json[]): Json[] | undefined {
  return rules.length > 0 ? rules : undefined;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}
