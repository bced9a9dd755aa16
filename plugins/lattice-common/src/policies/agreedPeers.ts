import { AgreementGraph } from '../graph/AgreementGraph';
import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { limitPeers } from './limitPeers';
import { isExpressible } from './memberTarget';
import { writeEdges } from './policyIdentity';

/** A key's agreed partners, as declarations. Each agreement has both declarations, or it is not here. */
export interface AgreedPeers {
  readonly callers: readonly LatticeMember[];
  readonly callees: readonly LatticeMember[];
  /** `caller -> callee` of every agreement, sorted, as a policy's annotation has it. */
  readonly edges: string;
  /** How many are agreed and yet not here, because one policy cannot hold them. */
  readonly leftOut: { readonly callers: number; readonly callees: number };
}

/** Says of an agreement's callee that the caller must not be let out to it yet. */
export type HoldBack = (callee: ObjectKey) => boolean;

/** Looks the agreed partners of a key up. Those whose target cannot be expressed, and those too many, are left out. */
export function agreedPeers(
  graph: AgreementGraph,
  key: ObjectKey,
  holdBack?: HoldBack,
): AgreedPeers {
  const ownPorts = graph.get(key)?.spec.ports.length ?? 0;
  const callers = limitPeers(
    graph.agreedCallers(key).filter(isExpressible),
    () => ownPorts,
  );
  const callees = limitPeers(
    graph
      .agreedCallees(key)
      .filter(
        callee => isExpressible(callee) && !holdBack?.(keyOf(callee.metadata)),
      ),
    ({ spec }) => spec.ports.length,
  );
  const edges = listEdges(formatKey(key), callers.kept, callees.kept);
  return {
    callers: callers.kept,
    callees: callees.kept,
    edges: writeEdges(edges),
    leftOut: { callers: callers.leftOut, callees: callees.leftOut },
  };
}

/** Both lists come sorted by key, so the pairs need no sorting: the own ones stand where the key would. */
function listEdges(
  own: string,
  callers: readonly LatticeMember[],
  callees: readonly LatticeMember[],
): string[] {
  const outbound = callees.map(
    ({ metadata }) => `${own} -> ${formatKey(metadata)}`,
  );
  const inbound = callers.map(({ metadata }) => formatKey(metadata));
  const next = inbound.findIndex(caller => caller > own);
  const place = next < 0 ? inbound.length : next;
  const pairs = inbound.map(caller => `${caller} -> ${own}`);
  return [...pairs.slice(0, place), ...outbound, ...pairs.slice(place)];
}

function keyOf({ namespace, name }: ObjectKey): ObjectKey {
  return { namespace, name };
}
