import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { Graph, layout } from '@dagrejs/dagre';
import { EdgeRow } from './edgeRows';

/** Size of one node on screen, in pixels. */
export const NODE_SIZE = { width: 190, height: 56 };

/** A node with its place. */
export interface PlacedNode {
  readonly id: string;
  readonly key: ObjectKey;
  readonly role: 'caller' | 'self' | 'callee';
  readonly x: number;
  readonly y: number;
}

/** An agreement with the nodes it joins, from caller to callee. */
export interface PlacedEdge {
  readonly row: EdgeRow;
  readonly source: string;
  readonly target: string;
}

/** The graph of one member, laid out with callers left and dependencies right. */
export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const SELF_ID = 'self';

/** Lays the rows out. A peer on both sides appears twice, once per role. */
export function layoutGraph(
  self: ObjectKey,
  rows: readonly EdgeRow[],
): PlacedGraph {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 290 });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(SELF_ID, { ...NODE_SIZE });
  for (const { direction, id } of rows) {
    graph.setNode(id, { ...NODE_SIZE });
    if (direction === 'inbound') graph.setEdge(id, SELF_ID);
    else graph.setEdge(SELF_ID, id);
  }
  layout(graph);
  const places = new Map([[SELF_ID, placeOf(graph, SELF_ID)]]);
  for (const direction of ['inbound', 'outbound'] as const) {
    const ids = rows.filter(row => row.direction === direction).map(toId);
    // Top to bottom in the order of the rows, whatever order the layout chose.
    const free = ids.map(id => placeOf(graph, id)).sort((a, b) => a.y - b.y);
    ids.forEach((id, index) => places.set(id, free[index]));
  }
  return {
    nodes: [
      { id: SELF_ID, key: self, role: 'self', ...places.get(SELF_ID)! },
      ...rows.map(({ direction, id, peer }) => ({
        id,
        key: peer,
        role:
          direction === 'inbound' ? ('caller' as const) : ('callee' as const),
        ...places.get(id)!,
      })),
    ],
    edges: rows.map(row => ({
      row,
      source: row.direction === 'inbound' ? row.id : SELF_ID,
      target: row.direction === 'inbound' ? SELF_ID : row.id,
    })),
  };
}

function toId({ id }: EdgeRow): string {
  return id;
}

/** Upper left corner of a node; the layout gives its centre. */
function placeOf(graph: Graph, id: string): { x: number; y: number } {
  const { x = 0, y = 0 } = graph.node(id);
  return { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 };
}
