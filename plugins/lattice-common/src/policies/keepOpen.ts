import { KubernetesObject } from '../api/object';
import { ANNOTATION_POLICY_EDGES } from './policyIdentity';
import { isEqualJson, isRecord } from './isSamePolicy';
import { narrowPolicy } from './narrowPolicy';

/** What is known while some callees of a key do not guard their pods yet. */
export interface KeepOpenInput {
  /** Compiled with all agreements. */
  readonly wanted: readonly KubernetesObject[];
  /** Compiled without the callees that must be waited for. */
  readonly openable: readonly KubernetesObject[];
  /** What the key has. */
  readonly live: readonly KubernetesObject[];
}

/**
 * The policies of a key that waits for callees: nothing is opened to those, but what both the live and the wanted
 * policies let out to them stays open. So a callee can turn to other pods without a moment at which its callers reach
 * them unguarded, and without an interruption for the pods that stay its own.
 */
export function keepOpen({
  wanted,
  openable,
  live,
}: KeepOpenInput): KubernetesObject[] {
  return openable.map(object => {
    const full = wanted.find(one => one.kind === object.kind);
    const held = live.find(
      ({ kind, metadata }) =>
        kind === object.kind && metadata.name === object.metadata.name,
    );
    if (!full || !held || object.kind !== 'CiliumNetworkPolicy') return object;
    const egress = egressOf(object);
    const kept = egressOf(narrowPolicy(full, held)).filter(
      rule => !egress.some(other => isEqualPeer(rule, other)),
    );
    if (kept.length === 0) return object;
    return {
      ...object,
      metadata: withKeptEdges(object, full, held),
      spec: { ...(object.spec as object), egress: [...egress, ...kept] },
    };
  });
}

function withKeptEdges(
  { metadata }: KubernetesObject,
  full: KubernetesObject,
  held: KubernetesObject,
): KubernetesObject['metadata'] {
  const [opened, live] = [edgesOf({ metadata }), edgesOf(held)];
  const edges = edgesOf(full).filter(
    edge => opened.includes(edge) || live.includes(edge),
  );
  return {
    ...metadata,
    annotations: {
      ...metadata.annotations,
      [ANNOTATION_POLICY_EDGES]: JSON.stringify(edges),
    },
  };
}

/** The agreements that a policy says it opens; none when somebody has made that unreadable. */
function edgesOf({ metadata }: Pick<KubernetesObject, 'metadata'>): unknown[] {
  try {
    const edges: unknown = JSON.parse(
      metadata.annotations?.[ANNOTATION_POLICY_EDGES] ?? '[]',
    );
    return Array.isArray(edges) ? edges : [];
  } catch {
    // What cannot be read proves nothing.
    return [];
  }
}

function egressOf({ spec }: KubernetesObject): Record<string, unknown>[] {
  const egress = isRecord(spec) ? spec.egress : undefined;
  return Array.isArray(egress) ? egress.filter(isRecord) : [];
}

function isEqualPeer(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
): boolean {
  return isEqualJson(
    { ...a, toPorts: undefined },
    { ...b, toPorts: undefined },
  );
}
