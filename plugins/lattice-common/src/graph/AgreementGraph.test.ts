import { LatticeMember } from '../api/memberModel';
import { aKey, aMember } from './__testUtils__/aMember';
import { graphOf, pairsOf } from './__testUtils__/describeGraph';

const fromA = { namespace: 'a', name: 'A' };

describe('hand-over between a member and a service of one key', () => {
  const member = aMember('b/B', { allowedCallers: [fromA] });
  const service = aMember('b/B', { allowedCallers: [] }, 'LatticeService');

  it.each<[string, LatticeMember[]]>([
    ['the member came first', [member, service]],
    ['the service came first', [service, member]],
  ])('lets the member count while both exist: %s', (_, declarations) => {
    const graph = graphOf(...declarations);
    expect(graph.get(aKey('b/B'))?.kind).toBe('LatticeMeshMember');
    expect(pairsOf(graph, 'a/A')).toEqual(['a/A -> b/B halfCallee']);
  });

  it('lets the service take over when the member goes', () => {
    const graph = graphOf(member, service);
    graph.remove(aKey('b/B'), 'LatticeMeshMember');
    expect(graph.get(aKey('b/B'))?.kind).toBe('LatticeService');
    expect(pairsOf(graph, 'a/A')).toEqual([]);
  });
});

describe('many wildcards', () => {
  const asking = Array.from({ length: 2_000 }, (_, index) =>
    aMember(`ask/a${index}`, { dependsAll: true }),
  );
  const open = aMember('open/one', { allowedCallers: [{ name: '*' }] });

  it('are counted without a list of them, and listed page by page', () => {
    const graph = graphOf(open, ...asking);
    expect(graph.countEdges(aKey('open/one')).agreed).toBe(2_000);
    const first = graph.edgesOf(aKey('open/one'), { limit: 10 });
    expect(first).toHaveLength(10);
    const [next] = graph.edgesOf(aKey('open/one'), {
      limit: 1,
      after: first[9],
    });
    expect(next.caller.name > first[9].caller.name).toBe(true);
  });

  it('concern only those on the other side of a change', () => {
    const graph = graphOf(
      open,
      aMember('open/two', { allowedCallers: [{ name: '*' }] }),
      ...asking,
    );
    expect(graph.remove(aKey('open/one'))).toHaveLength(2_001);
    expect(graph.remove(aKey('ask/a0'))).toEqual([
      aKey('ask/a0'),
      aKey('open/two'),
    ]);
  });
});

describe('placeholders', () => {
  it('leave nothing behind when nobody names them any more', () => {
    const graph = graphOf(aMember('a/A', { dependencies: [aKey('b/B')] }));
    expect(graph.keys()).toEqual([aKey('a/A')]);
    expect(graph.get(aKey('b/B'))).toBeUndefined();
    graph.remove(aKey('a/A'));
    expect(graph.edgesOf(aKey('b/B'))).toEqual([]);
  });
});
