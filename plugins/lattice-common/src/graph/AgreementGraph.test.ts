import fc from 'fast-check';
import { LatticeMember, MemberSpec, ServiceRef } from '../api/memberModel';
import { formatKey } from '../api/object';
import { AgreementGraph } from './AgreementGraph';
import { aKey, aMember } from './__testUtils__/aMember';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);

function graphOf(...members: LatticeMember[]): AgreementGraph {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  return graph;
}

function pairs(graph: AgreementGraph, key: string): string[] {
  return graph
    .edgesOf(aKey(key))
    .map(
      edge =>
        `${formatKey(edge.caller)} -> ${formatKey(edge.callee)} ${edge.state}`,
    );
}

const toB: ServiceRef = { namespace: 'b', name: 'B' };
const fromA: ServiceRef = { namespace: 'a', name: 'A' };
const anyone: ServiceRef = { name: '*' };

/** Names follow the truth table of the specification; rows on remote clusters and resource types do not apply here. */
describe('truth table of agreements', () => {
  const rows: Array<{
    row: string;
    caller: Partial<MemberSpec>;
    callee: Partial<MemberSpec> | undefined;
    expected: string[];
  }> = [
    {
      row: 'e1: both declare by name',
      caller: { dependencies: [toB] },
      callee: { allowedCallers: [fromA] },
      expected: ['a/A -> b/B agreed'],
    },
    {
      row: 'e2: the dependency means its own namespace when it names none',
      caller: { dependencies: [{ name: 'B' }] },
      callee: { allowedCallers: [fromA] },
      expected: ['a/A -> a/B halfCaller', 'a/A -> b/B halfCallee'],
    },
    {
      row: 'e3: the allowed caller means its own namespace when it names none',
      caller: { dependencies: [toB] },
      callee: { allowedCallers: [{ name: 'A' }] },
      expected: ['a/A -> b/B halfCaller'],
    },
    {
      row: 'e4: nobody is allowed',
      caller: { dependencies: [toB] },
      callee: {},
      expected: ['a/A -> b/B halfCaller'],
    },
    {
      row: 'e5: nothing is asked for',
      caller: {},
      callee: { allowedCallers: [fromA] },
      expected: ['a/A -> b/B halfCallee'],
    },
    {
      row: 'e6: everybody is allowed and one asks',
      caller: { dependencies: [toB] },
      callee: { allowedCallers: [anyone] },
      expected: ['a/A -> b/B agreed'],
    },
    {
      row: 'e7: everybody is allowed and nobody asks',
      caller: {},
      callee: { allowedCallers: [anyone] },
      expected: [],
    },
    {
      row: 'e8: everything is asked for and one allows',
      caller: { dependsAll: true },
      callee: { allowedCallers: [fromA] },
      expected: ['a/A -> b/B agreed'],
    },
    {
      row: 'e9: everything is asked for and everybody allowed',
      caller: { dependsAll: true },
      callee: { allowedCallers: [anyone] },
      expected: ['a/A -> b/B agreed'],
    },
    {
      row: 'e10: everything is asked for and nobody allowed',
      caller: { dependsAll: true },
      callee: {},
      expected: [],
    },
    {
      row: 'e12: the callee does not exist',
      caller: { dependencies: [toB] },
      callee: undefined,
      expected: ['a/A -> b/B halfCaller'],
    },
    {
      row: 'e13: both directions',
      caller: { dependencies: [toB], allowedCallers: [toB] },
      callee: { dependencies: [fromA], allowedCallers: [fromA] },
      expected: ['a/A -> b/B agreed', 'b/B -> a/A agreed'],
    },
    {
      row: 'a wildcard within another namespace does not reach the caller',
      caller: { dependencies: [toB] },
      callee: { allowedCallers: [{ name: '*', namespace: 'c' }] },
      expected: ['a/A -> b/B halfCaller'],
    },
    {
      row: 'a wildcard within the namespace of the caller reaches it',
      caller: { dependencies: [toB] },
      callee: { allowedCallers: [{ name: '*', namespace: 'a' }] },
      expected: ['a/A -> b/B agreed'],
    },
    {
      row: 'a wildcard dependency stays within its namespace',
      caller: { dependencies: [{ name: '*', namespace: 'c' }] },
      callee: { allowedCallers: [fromA] },
      expected: ['a/A -> b/B halfCallee'],
    },
  ];

  it.each(rows)('$row', ({ caller, callee, expected }) => {
    const members = [aMember('a/A', caller)];
    if (callee) members.push(aMember('b/B', callee));
    expect(pairs(graphOf(...members), 'a/A')).toEqual(expected);
    expect(pairs(graphOf(...members.reverse()), 'a/A')).toEqual(expected);
  });

  it('e12: agrees once the callee exists, with no change to the caller', () => {
    const graph = graphOf(aMember('a/A', { dependencies: [toB] }));
    const affected = graph.set(aMember('b/B', { allowedCallers: [fromA] }));
    expect(affected.map(formatKey).sort()).toEqual(['a/A', 'b/B']);
    expect(pairs(graph, 'b/B')).toEqual(['a/A -> b/B agreed']);
  });

  it('e15: gives no consent that nobody has written, not even for metrics', () => {
    const port = {
      port: 9090,
      servicePort: 9090,
      name: 'metrics',
      peerAuth: 'Strict',
      protocol: 'TCP',
    } as const;
    const graph = graphOf(
      aMember('monitoring/vmagent', { dependsAll: true }),
      aMember('b/B', { ports: [port] }),
    );
    expect(pairs(graph, 'b/B')).toEqual([]);
  });

  it('never makes an agreement of a member with itself', () => {
    const self = aMember('b/B', {
      dependsAll: true,
      dependencies: [toB],
      allowedCallers: [toB, anyone],
    });
    expect(pairs(graphOf(self), 'b/B')).toEqual([]);
  });
});

describe('who must be recomputed', () => {
  const redis = aMember('data/redis', {
    allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
  });
  const checkout = aMember('commerce/checkout', {
    dependencies: [{ namespace: 'data', name: 'redis' }],
  });
  const other = aMember('data/other');

  it('names both sides, across namespaces, when one side withdraws', () => {
    const graph = graphOf(redis, checkout, other);
    const affected = graph.set(aMember('commerce/checkout'));
    expect(affected.map(formatKey).sort()).toEqual([
      'commerce/checkout',
      'data/redis',
    ]);
  });

  it('names old and new neighbours when a dependency moves', () => {
    const graph = graphOf(
      redis,
      checkout,
      aMember('data/other', {
        allowedCallers: [{ namespace: 'commerce', name: 'checkout' }],
      }),
    );
    const moved = aMember('commerce/checkout', {
      dependencies: [{ namespace: 'data', name: 'other' }],
    });
    expect(graph.set(moved).map(formatKey).sort()).toEqual([
      'commerce/checkout',
      'data/other',
      'data/redis',
    ]);
  });

  it('names the neighbours when only the service account changes', () => {
    const graph = graphOf(redis, checkout, other);
    const affected = graph.set({
      ...checkout,
      spec: { ...checkout.spec, serviceAccount: 'robot' },
    });
    expect(affected.map(formatKey)).toContain('data/redis');
  });

  it('names nobody else when only the status changes', () => {
    const graph = graphOf(redis, checkout, other);
    const affected = graph.set({
      ...checkout,
      metadata: { ...checkout.metadata, resourceVersion: '2' },
    });
    expect(affected.map(formatKey)).toEqual(['commerce/checkout']);
  });

  it('names the neighbours of a member that goes', () => {
    const graph = graphOf(redis, checkout, other);
    const affected = graph.remove(aKey('data/redis'));
    expect(affected.map(formatKey).sort()).toEqual([
      'commerce/checkout',
      'data/redis',
    ]);
    expect(pairs(graph, 'commerce/checkout')).toEqual([
      'commerce/checkout -> data/redis halfCaller',
    ]);
  });
});

describe('hand-over between a member and a service of one key', () => {
  const member = aMember('b/B', { allowedCallers: [fromA] });
  const service = aMember('b/B', { allowedCallers: [] }, 'LatticeService');

  it.each([
    ['the member came first', [member, service]],
    ['the service came first', [service, member]],
  ])('lets the member count while both exist: %s', (_, declarations) => {
    const graph = graphOf(...declarations);
    expect(graph.get(aKey('b/B'))?.kind).toBe('LatticeMeshMember');
    expect(pairs(graph, 'a/A')).toEqual(['a/A -> b/B halfCallee']);
  });

  it('lets the service take over when the member goes', () => {
    const graph = graphOf(member, service);
    graph.remove(aKey('b/B'), 'LatticeMeshMember');
    expect(graph.get(aKey('b/B'))?.kind).toBe('LatticeService');
    expect(pairs(graph, 'a/A')).toEqual([]);
  });
});

/** The rule itself, written down a second time without any index. */
function agreedByTheRule(members: LatticeMember[]): string[] {
  const effective = new Map<string, LatticeMember>();
  for (const member of members) {
    const key = formatKey(member.metadata);
    if (!effective.has(key) || member.kind === 'LatticeMeshMember')
      effective.set(key, member);
  }
  const names = (
    own: LatticeMember,
    refs: readonly ServiceRef[],
    far: LatticeMember,
  ) =>
    refs.some(
      ref =>
        (ref.name === '*' &&
          (!ref.namespace || ref.namespace === far.metadata.namespace)) ||
        (ref.name === far.metadata.name &&
          (ref.namespace ?? own.metadata.namespace) === far.metadata.namespace),
    );
  const agreed: string[] = [];
  for (const [from, caller] of effective)
    for (const [to, callee] of effective) {
      const { dependsAll, dependencies } = caller.spec;
      const asks = dependsAll || names(caller, dependencies, callee);
      if (
        from !== to &&
        asks &&
        names(callee, callee.spec.allowedCallers, caller)
      )
        agreed.push(`${from} -> ${to}`);
    }
  return agreed.sort();
}

const NAMESPACES = ['a', 'b', 'c'];
const NAMES = ['one', 'two', 'three'];

const aReference = fc.record(
  {
    name: fc.constantFrom(...NAMES, ...NAMES, '*'),
    namespace: fc.constantFrom(...NAMESPACES),
  },
  { requiredKeys: ['name'] },
);
const aDeclaration = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom(
      'LatticeMeshMember' as const,
      'LatticeService' as const,
    ),
    dependencies: fc.array(aReference, { maxLength: 3 }),
    allowedCallers: fc.array(aReference, { maxLength: 3 }),
    dependsAll: fc.integer({ min: 0, max: 5 }).map(n => n === 0),
    serviceAccount: fc.constantFrom('x', 'y'),
  })
  .map(({ namespace, name, kind, ...spec }) =>
    aMember(`${namespace}/${name}`, spec, kind),
  );
const anEdit = fc.oneof(
  { weight: 3, arbitrary: aDeclaration.map(member => ({ set: member })) },
  {
    weight: 1,
    arbitrary: aDeclaration.map(member => ({
      remove: member.metadata,
      kind: member.kind,
    })),
  },
);

function allAnswers(graph: AgreementGraph): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const namespace of NAMESPACES)
    for (const name of NAMES)
      answers[`${namespace}/${name}`] = {
        edges: graph.edgesOf({ namespace, name }),
        member: graph.get({ namespace, name }),
      };
  return answers;
}

describe('laws of the graph', () => {
  it(`answers after any edits as if built anew, and names all that changed (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 40 }), edits => {
        const graph = new AgreementGraph();
        const declared = new Map<string, LatticeMember>();
        for (const edit of edits) {
          const before = allAnswers(graph);
          let affected: string[];
          if ('set' in edit) {
            declared.set(
              `${edit.set.kind} ${formatKey(edit.set.metadata)}`,
              edit.set,
            );
            affected = graph.set(edit.set).map(formatKey);
          } else {
            declared.delete(`${edit.kind} ${formatKey(edit.remove)}`);
            affected = graph.remove(edit.remove, edit.kind).map(formatKey);
          }
          const after = allAnswers(graph);
          const silent = Object.keys(after).filter(
            key => graph.get(aKey(key)) && !affected.includes(key),
          );
          expect(silent.map(key => after[key])).toEqual(
            silent.map(key => before[key]),
          );
        }
        const members = [...declared.values()];
        expect(allAnswers(graph)).toEqual(allAnswers(graphOf(...members)));
        const agreed = graph.keys().flatMap(key =>
          graph
            .edgesOf(key)
            .filter(
              edge =>
                edge.state === 'agreed' &&
                formatKey(edge.caller) === formatKey(key),
            )
            .map(
              edge => `${formatKey(edge.caller)} -> ${formatKey(edge.callee)}`,
            ),
        );
        expect(agreed.sort()).toEqual(agreedByTheRule(members));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it(`does not depend on the order of declarations (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(aDeclaration, { maxLength: 12 }), members => {
        const unique = [
          ...new Map(
            members.map(m => [`${m.kind} ${formatKey(m.metadata)}`, m]),
          ).values(),
        ];
        expect(allAnswers(graphOf(...[...unique].reverse()))).toEqual(
          allAnswers(graphOf(...unique)),
        );
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
