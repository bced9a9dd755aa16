import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** A rule or spec, as loosely as naive code treats it. */
export type Json = Record<string, unknown>;

type Kind =
  | 'CiliumNetworkPolicy'
  | 'AuthorizationPolicy'
  | 'PeerAuthentication';

/** Changes the specs of one kind, of all members or of some by name. */
export function specs(
  kind: Kind,
  change: (spec: Json, object: KubernetesObject) => Json,
  ...members: string[]
): (policies: KubernetesObject[]) => KubernetesObject[] {
  return policies =>
    policies.map(object =>
      object.kind === kind && isOf(object, members)
        ? { ...object, spec: change(object.spec as Json, object) }
        : object,
    );
}

/** Takes the policies of one kind away, of all members or of some by name. */
export function without(
  kind: Kind,
  ...members: string[]
): (policies: KubernetesObject[]) => KubernetesObject[] {
  return policies =>
    policies.filter(object => object.kind !== kind || !isOf(object, members));
}

/** Changes every rule of one direction; `undefined` takes it away. */
export function rules(
  direction: 'ingress' | 'egress',
  change: (rule: Json) => Json | undefined,
): (spec: Json) => Json {
  return spec => ({
    ...spec,
    [direction]: (spec[direction] as Json[]).flatMap(
      rule => change(rule) ?? [],
    ),
  });
}

/** Adds a rule to one direction. */
export function adding(
  direction: 'ingress' | 'egress',
  rule: Json,
): (spec: Json) => Json {
  return spec => ({
    ...spec,
    [direction]: [...(spec[direction] as Json[]), rule],
  });
}

/** One after the other. */
export function both<T>(...changes: ((value: T) => T)[]): (value: T) => T {
  return value => changes.reduce((changed, change) => change(changed), value);
}

/** Changes the ports of a rule. */
export function ports(change: (port: Json) => Json | undefined) {
  return (rule: Json): Json | undefined => {
    if (!rule.toPorts) return rule;
    const toPorts = (rule.toPorts as Json[]).flatMap(item => {
      const kept = (item.ports as Json[]).flatMap(port => change(port) ?? []);
      return kept.length > 0 ? [{ ...item, ports: kept }] : [];
    });
    return toPorts.length > 0 ? { ...rule, toPorts } : undefined;
  };
}

/** Changes the spec of a manifest, of all or of some by name. */
export function declaring(
  change: (spec: Json) => Json,
  ...members: string[]
): (manifest: KubernetesObject) => KubernetesObject {
  return manifest =>
    members.length === 0 || members.includes(manifest.metadata.name)
      ? { ...manifest, spec: change(manifest.spec as Json) }
      : manifest;
}

/** Items of `toPorts`. */
export function onPorts(...written: string[]): Json {
  const list = written.map(one => {
    const [port, protocol] = one.split('/');
    return { port, protocol };
  });
  return { toPorts: [{ ports: list }] };
}

/** Whether a policy belongs to one of these members. */
function isOf({ metadata }: KubernetesObject, members: string[]): boolean {
  const written = metadata.annotations?.['portal.lattice.dev/member'] ?? '';
  return members.length === 0 || members.includes(written.split('/')[1]);
}
