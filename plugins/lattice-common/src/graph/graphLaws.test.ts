import fc from 'fast-check';
import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey } from '../api/object';
import { AgreementGraph } from './AgreementGraph';
import { aKey, aMember } from './__testUtils__/aMember';
import { describeEdge, graphOf } from './__testUtils__/describeGraph';
import { GraphChange } from './types';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LATTICE_RUNS ?? 300);

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
        agreed.push(`${from} -> ${to} agreed`);
    }
  return agreed.sort();
}

const NAMESPACES = ['a', 'b', 'c'];
const NAMES = ['one', 'two', 'three'];
const KEYS = NAMESPACES.flatMap(namespace =>
  NAMES.map(name => ({ namespace, name })),
);

const aReference = fc.record(
  {
    name: fc.constantFrom(...NAMES, ...NAMES, '*'),
    namespace: fc.constantFrom(...NAMESPACES),
  },
  { requiredKeys: ['name'] },
);
const aDeclaration = fc
  .record({
    key: fc.constantFrom(...KEYS),
    kind: fc.constantFrom(
      'LatticeMeshMember' as const,
      'LatticeService' as const,
    ),
    dependencies: fc.array(aReference, { maxLength: 3 }),
    allowedCallers: fc.array(aReference, { maxLength: 3 }),
    dependsAll: fc.integer({ min: 0, max: 5 }).map(n => n === 0),
    serviceAccount: fc.constantFrom('x', 'y'),
    externals: fc.array(
      fc.constantFrom(...KEYS).map(key => ({ ...key, egress: [] })),
      { maxLength: 1 },
    ),
  })
  .map(({ key, kind, ...spec }) => aMember(formatKey(key), spec, kind));
const aChange: fc.Arbitrary<GraphChange> = fc.oneof(
  { weight: 3, arbitrary: aDeclaration.map(member => ({ set: member })) },
  {
    weight: 1,
    arbitrary: aDeclaration.map(({ metadata, kind }) => ({
      remove: metadata,
      kind,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...KEYS).map(key => ({ remove: key })),
  },
);

const MANY = { minLength: 5, maxLength: 30, size: 'max' } as const;

/** What is declared after some changes, kept without a graph. */
class Declared {
  readonly #members = new Map<string, LatticeMember>();

  take(change: GraphChange): void {
    if ('set' in change) {
      const { kind, metadata } = change.set;
      this.#members.set(`${kind} ${formatKey(metadata)}`, change.set);
      return;
    }
    const kinds = change.kind
      ? [change.kind]
      : ['LatticeMeshMember', 'LatticeService'];
    for (const kind of kinds)
      this.#members.delete(`${kind} ${formatKey(change.remove)}`);
  }

  all(): LatticeMember[] {
    return [...this.#members.values()];
  }
}

/** Everything that a graph can be asked about a key. */
function answersOf(graph: AgreementGraph): Map<string, unknown> {
  return new Map(
    KEYS.map(key => [
      formatKey(key),
      {
        member: graph.get(key),
        edges: graph.edgesOf(key).map(describeEdge),
        counts: graph.countEdges(key),
        neighbours: graph.neighboursOf(key),
        callers: graph.agreedCallers(key),
        callees: graph.agreedCallees(key),
        outside: graph
          .get(key)
          ?.spec.externals?.filter(external => !graph.get(external)),
      },
    ]),
  );
}

/** Old and new neighbours, by the edges alone. */
function neighboursByEdges(graph: AgreementGraph, key: string): string[] {
  return graph
    .edgesOf(aKey(key))
    .flatMap(({ caller, callee }) => [caller, callee])
    .filter(near => graph.get(near))
    .map(formatKey)
    .filter(near => near !== key);
}

let changesTried = 0;

afterAll(() => {
  process.stdout.write(
    `laws of the graph: seed ${SEED}, ${changesTried} changes tried\n`,
  );
});

describe(`laws of the graph (seed ${SEED}, ${RUNS} histories)`, () => {
  it('answers after any changes as if built anew, and names all that changed', () => {
    fc.assert(
      fc.property(fc.array(aChange, MANY), changes => {
        const graph = new AgreementGraph();
        const declared = new Declared();
        for (const change of changes) {
          changesTried += 1;
          const before = answersOf(graph);
          const concerned = new Set(graph.apply(change).map(formatKey));
          declared.take(change);
          // A key that nobody declares has nothing to recompute.
          // A key that nobody declares has nothing to recompute.
          const silent = KEYS.map(formatKey).filter(
            key => graph.get(aKey(key)) && !concerned.has(key),
          );
          const after = answersOf(graph);
          expect(silent.map(key => after.get(key))).toEqual(
            silent.map(key => before.get(key)),
          );
        }
        const anew = graphOf(...declared.all());
        expect(answersOf(graph)).toEqual(answersOf(anew));
        expect(graph.keys()).toEqual(anew.keys());
        const agreed = KEYS.flatMap(key => graph.edgesOf(key))
          .filter(({ state }) => state === 'agreed')
          .map(describeEdge);
        expect([...new Set(agreed)].sort()).toEqual(
          agreedByTheRule(declared.all()),
        );
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('names nobody but old and new neighbours, and those who know the key as external', () => {
    fc.assert(
      fc.property(fc.array(aChange, MANY), changes => {
        const graph = new AgreementGraph();
        for (const change of changes) {
          changesTried += 1;
          const own = formatKey(
            'set' in change ? change.set.metadata : change.remove,
          );
          const near = neighboursByEdges(graph, own);
          const concerned = graph.apply(change).map(formatKey);
          const allowed = [
            own,
            ...near,
            ...neighboursByEdges(graph, own),
            ...KEYS.filter(key =>
              graph
                .get(key)
                ?.spec.externals?.some(external => formatKey(external) === own),
            ).map(formatKey),
          ];
          expect(allowed).toEqual(expect.arrayContaining(concerned));
          expect(new Set(concerned).size).toBe(concerned.length);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('counts and pages what it lists', () => {
    fc.assert(
      fc.property(
        fc.array(aChange, MANY),
        fc.integer({ min: 1, max: 4 }),
        (changes, limit) => {
          const graph = new AgreementGraph();
          changes.forEach(change => graph.apply(change));
          for (const key of KEYS) {
            const edges = graph.edgesOf(key);
            const counts = { agreed: 0, halfCaller: 0, halfCallee: 0 };
            edges.forEach(({ state }) => (counts[state] += 1));
            expect(graph.countEdges(key)).toEqual(counts);
            expect(graph.halvesOf(key)).toEqual(
              edges.filter(({ state }) => state !== 'agreed'),
            );
            const paged = [];
            let page = graph.edgesOf(key, { limit });
            while (page.length > 0) {
              paged.push(...page);
              page = graph.edgesOf(key, { limit, after: page.at(-1) });
            }
            expect(paged).toEqual(edges);
          }
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('does not depend on the order of declarations', () => {
    fc.assert(
      fc.property(fc.array(aDeclaration, { maxLength: 12 }), members => {
        const declared = new Declared();
        members.forEach(member => declared.take({ set: member }));
        const unique = declared.all();
        expect(answersOf(graphOf(...[...unique].reverse()))).toEqual(
          answersOf(graphOf(...unique)),
        );
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
