import { AgreementGraph } from '../graph/AgreementGraph';
import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { findMemberProblem } from './memberTarget';

/** A key's agreed partners, as declarations. Each agreement has both declarations, or it is not here. */
export interface AgreedPeers {
  readonly callers: readonly LatticeMember[];
  readonly callees: readonly LatticeMember[];
  /** `caller -> callee` of every agreement, sorted. */
  readonly edges: readonly string[];
}

/** Says of an agreement's callee that the caller must not be let out to it yet. */
export type HoldBack = (callee: ObjectKey) => boolean;

/** Looks the agreed partners of a key up. Partners whose target cannot be expressed are left out. */
export function agreedPeers(
  graph: AgreementGraph,
  key: ObjectKey,
  holdBack: HoldBack = () => false,
): AgreedPeers {
  const callers: LatticeMember[] = [];
  const callees: LatticeMember[] = [];
  const edges: string[] = [];
  const own = formatKey(key);
  for (const { caller, callee, state } of graph.edgesOf(key)) {
    const isOutbound = formatKey(caller) === own;
    const peer = graph.get(isOutbound ? callee : caller);
    if (state !== 'agreed' || !peer || findMemberProblem(peer)) continue;
    if (isOutbound && holdBack(callee)) continue;
    (isOutbound ? callees : callers).push(peer);
    edges.push(`${formatKey(caller)} -> ${formatKey(callee)}`);
  }
  return { callers, callees, edges: edges.sort() };
}
