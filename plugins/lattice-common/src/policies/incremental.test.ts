import fc from 'fast-check';
import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { GraphChange } from '../graph/types';
import { compilePolicies } from './compilePolicies';
import { DEFAULT_PROFILE } from './ClusterProfile';
import { findPolicyGaps } from './policyGaps';
import { aWorld, graphOf } from './__testUtils__/worlds';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LATTICE_RUNS ?? 100);

function outputOf(graph: AgreementGraph, key: ObjectKey): string {
  return JSON.stringify([
    compilePolicies(graph, key, DEFAULT_PROFILE),
    findPolicyGaps(graph, key, DEFAULT_PROFILE),
  ]);
}

function outputs(graph: AgreementGraph): Map<string, string> {
  return new Map(
    graph.keys().map(key => [formatKey(key), outputOf(graph, key)]),
  );
}

/** Leads from one world to another, one declaration after another, in any order. */
function changesBetween(
  before: readonly LatticeMember[],
  after: readonly LatticeMember[],
): GraphChange[] {
  const wanted = new Set(after.map(({ metadata }) => formatKey(metadata)));
  const gone = before.filter(
    ({ metadata }) => !wanted.has(formatKey(metadata)),
  );
  return [
    ...gone.map(({ metadata }): GraphChange => ({ remove: metadata })),
    ...after.map((member): GraphChange => ({ set: member })),
  ];
}

let changesTried = 0;

afterAll(() => {
  process.stdout.write(
    `policies of what a change concerns: seed ${SEED}, ${changesTried} changes tried\n`,
  );
});

describe(`compiling only what a change concerns (seed ${SEED}, ${RUNS} histories)`, () => {
  it('gives the policies and gaps that compiling everything gives', () => {
    const aHistory = fc.tuple(aWorld, aWorld).chain(([before, after]) => {
      const changes = changesBetween(before, after);
      return fc.tuple(
        fc.constant(before),
        fc.shuffledSubarray(changes, { minLength: changes.length }),
      );
    });
    fc.assert(
      fc.property(aHistory, ([before, changes]) => {
        const graph = graphOf(before);
        const kept = outputs(graph);
        for (const change of changes) {
          changesTried += 1;
          for (const key of graph.apply(change)) {
            if (graph.get(key)) kept.set(formatKey(key), outputOf(graph, key));
            else kept.delete(formatKey(key));
          }
          expect(kept).toEqual(outputs(graph));
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
