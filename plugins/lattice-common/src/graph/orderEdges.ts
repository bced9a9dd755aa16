import { formatKey } from '../api/object';
import { byId, GraphNode, NamedPair } from './GraphNode';
import { AgreementEdge, EdgePage } from './types';

type FarEnd = 'caller' | 'callee';

interface OrderedEdge {
  readonly far: GraphNode;
  readonly edge: AgreementEdge;
}

/** Pairs of one direction by their far end: those that are kept, which are sorted, and those of wildcards. */
function inOrder(
  node: GraphNode,
  far: FarEnd,
  pairs: readonly NamedPair[],
  wild: readonly GraphNode[],
): readonly OrderedEdge[] {
  const ordered: OrderedEdge[] = pairs.map(pair => ({
    far: pair[far],
    edge: pair.edge,
  }));
  if (wild.length === 0) return ordered;
  for (const one of wild) {
    const [caller, callee] = far === 'callee' ? [node, one] : [one, node];
    ordered.push({
      far: one,
      edge: { caller: caller.key, callee: callee.key, state: 'agreed' },
    });
  }
  return ordered.sort((a, b) => byId(a.far, b.far));
}

/** All pairs of a node, sorted by caller, then callee. */
export function orderEdges(
  node: GraphNode,
  wildCallees: readonly GraphNode[],
  wildCallers: readonly GraphNode[],
): AgreementEdge[] {
  const outbound = inOrder(node, 'callee', node.callees, wildCallees);
  const inbound = inOrder(node, 'caller', node.callers, wildCallers);
  const edges: AgreementEdge[] = [];
  let isOutboundTaken = false;
  const takeOutbound = () => {
    isOutboundTaken = true;
    for (const { edge } of outbound) edges.push(edge);
  };
  for (const { far, edge } of inbound) {
    if (!isOutboundTaken && far.id > node.id) takeOutbound();
    edges.push(edge);
  }
  if (!isOutboundTaken) takeOutbound();
  return edges;
}

function isAfter(edge: AgreementEdge, other: AgreementEdge): boolean {
  const [caller, otherCaller] = [edge.caller, other.caller].map(formatKey);
  if (caller !== otherCaller) return caller > otherCaller;
  return formatKey(edge.callee) > formatKey(other.callee);
}

/** The part of ordered pairs that a page asks for. */
export function pageOf(
  edges: readonly AgreementEdge[],
  { limit, after }: EdgePage,
): AgreementEdge[] {
  const start = after ? edges.findIndex(edge => isAfter(edge, after)) : 0;
  return start < 0 ? [] : edges.slice(start, start + limit);
}
