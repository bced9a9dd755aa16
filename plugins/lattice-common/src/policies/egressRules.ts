import { EgressRule, LatticeMember } from '../api/memberModel';
import { JsonObject } from '../api/object';
import { NetworkPort } from './openPorts';

/**
 * Entities that egress may name. The others (`all`, `cluster`, `host`, ...) would satisfy the caller's side of every
 * agreement at once, so that only the callee's side would be left.
 */
export const EGRESS_ENTITIES: readonly string[] = [
  'kube-apiserver',
  'remote-node',
  'world',
  'world-ipv4',
  'world-ipv6',
];

/** Why an egress rule opens nothing, if so. */
export function findEgressProblem(rule: EgressRule): string | undefined {
  if (rule.ports.length === 0) return 'an egress rule without ports opens none';
  if ('entity' in rule.target && !EGRESS_ENTITIES.includes(rule.target.entity))
    return `the entity ${rule.target.entity} is not allowed in egress`;
  return undefined;
}

/** One peer outside the cluster, and the ports open to it. */
export interface ExternalPeer {
  readonly peer: JsonObject;
  readonly ports: readonly NetworkPort[];
}

/** The egress that a member declares, one peer of one kind each, in a fixed order. */
export function externalPeers(member: LatticeMember): ExternalPeer[] {
  if (member.spec.egress.length === 0) return [];
  const merged = new Map<string, { peer: JsonObject; ports: NetworkPort[] }>();
  for (const rule of member.spec.egress) {
    if (findEgressProblem(rule)) continue;
    const peer = describePeer(rule.target);
    const id = JSON.stringify(peer);
    const entry = merged.get(id) ?? { peer, ports: [] };
    entry.ports.push(
      ...rule.ports.map(port => ({ port, protocol: rule.protocol })),
    );
    merged.set(id, entry);
  }
  return [...merged.keys()].sort().map(id => merged.get(id)!);
}

/** Whether names must be resolved by the proxy that Cilium learns addresses from. */
export function hasNamedEgress(member: LatticeMember): boolean {
  return member.spec.egress.some(
    rule => 'fqdn' in rule.target && !findEgressProblem(rule),
  );
}

function describePeer(target: EgressRule['target']): JsonObject {
  if ('entity' in target) return { toEntities: [target.entity] };
  if ('cidr' in target) return { toCIDR: [target.cidr] };
  return {
    toFQDNs: [
      target.fqdn.includes('*')
        ? { matchPattern: target.fqdn }
        : { matchName: target.fqdn },
    ],
  };
}
