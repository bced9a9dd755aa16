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
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 210 });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(SELF_ID, { ...NODE_SIZE });
  for (const { direction, id } of rows) {
    graph.setNode(id, { ...NODE_SIZE });
    if (direction === 'inbound') graph.setEdge(id, SELF_ID);
    else graph.setEdge(SELF_ID, id);
  }
  layout(graph);
  const place = (id: string) => {
    const { x = 0, y = 0 } = graph.node(id);
    return { x: x - NODE_SIZE.width / 2, y: y - NODE_SIZE.height / 2 };
  };
  return {
    nodes: [
      { id: SELF_ID, key: self, role: 'self', ...place(SELF_ID) },
      ...rows.map(({ direction, id, peer }) => ({
        id,
        key: peer,
        role:
          direction === 'inbound' ? ('caller' as const) : ('callee' as const),
        ...place(id),
      })),
    ],
    edges: rows.map(row => ({
      row,
      source: row.direction === 'inbound' ? row.id : SELF_ID,
      target: row.direction === 'inbound' ? SELF_ID : row.id,
    })),
  };
}
