import { anEdge } from '../__testUtils__/builders';
import { edgeRows } from './edgeRows';
import { layoutGraph } from './layoutGraph';

const self = { namespace: 'data', name: 'redis' };

describe('layoutGraph', () => {
  const rows = edgeRows(
    [
      anEdge({ from: 'checkout' }),
      anEdge({ from: 'inventory' }),
      anEdge({ to: 'checkout' }),
    ],
    { complete: true },
  );
  const graph = layoutGraph(self, rows);
  const at = (id: string) => graph.nodes.find(node => node.id === id)!;

  it('draws exactly one edge per row', () => {
    expect(graph.edges.map(edge => edge.row)).toEqual(rows);
  });

  it('puts callers left of the member and dependencies right of it', () => {
    expect(at('inbound:commerce/checkout').x).toBeLessThan(at('self').x);
    expect(at('outbound:commerce/checkout').x).toBeGreaterThan(at('self').x);
  });

  it('keeps the order of the rows from top to bottom', () => {
    expect(at('inbound:commerce/checkout').y).toBeLessThan(
      at('inbound:commerce/inventory').y,
    );
  });

  it('draws a member without agreements alone', () => {
    expect(layoutGraph(self, []).nodes).toHaveLength(1);
  });

  it('lets no two nodes overlap', () => {
    const places = graph.nodes.map(({ x, y }) => `${x}:${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
