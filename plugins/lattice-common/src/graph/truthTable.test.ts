import { LatticeMember, ServiceRef } from '../api/memberModel';
import { aKey, aMember, aPort } from './__testUtils__/aMember';
import { aService } from './__testUtils__/aService';
import { graphOf, pairsOf } from './__testUtils__/describeGraph';

const toB: ServiceRef = { namespace: 'b', name: 'B' };
const fromA: ServiceRef = { namespace: 'a', name: 'A' };
const anyone: ServiceRef = { name: '*' };

const callerA = (spec: Parameters<typeof aMember>[1] = {}) =>
  aMember('a/A', spec);
const calleeB = (spec: Parameters<typeof aMember>[1] = {}) =>
  aMember('b/B', spec);
const allowing = calleeB({ allowedCallers: [fromA] });

const outside = { endpoints: { api: 'https://api.example.com' } };

interface Row {
  readonly row: string;
  readonly declared: LatticeMember[];
  readonly pairs: string[];
  /** Whose pairs; A's unless said otherwise. */
  readonly of?: string;
}

/** Names follow the truth table of agreements. */
const ROWS: Row[] = [
  {
    row: 'e1: both declare by name',
    declared: [callerA({ dependencies: [toB] }), allowing],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'e2: the dependency means its own namespace when it names none',
    declared: [callerA({ dependencies: [{ name: 'B' }] }), allowing],
    pairs: ['a/A -> a/B halfCaller', 'a/A -> b/B halfCallee'],
  },
  {
    row: 'e3: the allowed caller means its own namespace when it names none',
    declared: [
      callerA({ dependencies: [toB] }),
      calleeB({ allowedCallers: [{ name: 'A' }] }),
    ],
    pairs: ['a/A -> b/B halfCaller'],
  },
  {
    row: 'e4: nobody is allowed',
    declared: [callerA({ dependencies: [toB] }), calleeB()],
    pairs: ['a/A -> b/B halfCaller'],
  },
  {
    row: 'e5: nothing is asked for',
    declared: [callerA(), allowing],
    pairs: ['a/A -> b/B halfCallee'],
  },
  {
    row: 'e6: everybody is allowed and one asks',
    declared: [
      callerA({ dependencies: [toB] }),
      calleeB({ allowedCallers: [anyone] }),
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'e7: everybody is allowed and nobody asks',
    declared: [callerA(), calleeB({ allowedCallers: [anyone] })],
    pairs: [],
  },
  {
    row: 'e8: everything is asked for and one allows',
    declared: [callerA({ dependsAll: true }), allowing],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'e9: everything is asked for and everybody allowed',
    declared: [
      callerA({ dependsAll: true }),
      calleeB({ allowedCallers: [anyone] }),
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'e10: everything is asked for and nobody allowed',
    declared: [callerA({ dependsAll: true }), calleeB()],
    pairs: [],
  },
  {
    row: 'e11: everything is asked for, and what allows it lives in another cluster, which has a graph of its own',
    declared: [callerA({ dependsAll: true })],
    pairs: [],
  },
  {
    row: 'e12: the callee does not exist',
    declared: [callerA({ dependencies: [toB] })],
    pairs: ['a/A -> b/B halfCaller'],
  },
  {
    row: 'e13: both directions',
    declared: [
      callerA({ dependencies: [toB], allowedCallers: [toB] }),
      calleeB({ dependencies: [fromA], allowedCallers: [fromA] }),
    ],
    pairs: ['a/A -> b/B agreed', 'b/B -> a/A agreed'],
  },
  {
    row: 'e13: both directions, as services write it',
    declared: [
      aService('a/A', { B: { direction: 'both', namespace: 'b' } }),
      aService('b/B', { A: { direction: 'both', namespace: 'a' } }),
    ],
    pairs: ['a/A -> b/B agreed', 'b/B -> a/A agreed'],
  },
  {
    row: 'e14: the id of a resource counts, not its key',
    declared: [
      aService('a/A', { cache: { id: 'B', namespace: 'b' } }),
      allowing,
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'e15: a port named metrics is no consent that anybody has written',
    of: 'b/B',
    declared: [
      aMember('monitoring/vmagent', { dependsAll: true }),
      calleeB({ ports: [aPort(9090, { name: 'metrics' })] }),
    ],
    pairs: [],
  },
  {
    row: 'e15: whoever scrapes is allowed by name, like anybody else',
    of: 'b/B',
    declared: [
      aMember('monitoring/vmagent', { dependsAll: true }),
      calleeB({
        allowedCallers: [{ namespace: 'monitoring', name: 'vmagent' }],
      }),
    ],
    pairs: ['monitoring/vmagent -> b/B agreed'],
  },
  {
    row: 'e16: an external service is no half of an agreement',
    declared: [
      aService('a/A', {
        B: { type: 'external-service', namespace: 'b', params: outside },
      }),
      allowing,
    ],
    pairs: ['a/A -> b/B halfCallee'],
  },
  {
    row: 'e17: neither is a volume',
    declared: [
      aService('a/A', { B: { type: 'volume', namespace: 'b' } }),
      allowing,
    ],
    pairs: ['a/A -> b/B halfCallee'],
  },
  {
    row: 'e17: nor a secret',
    declared: [
      aService('a/A', { B: { type: 'secret', namespace: 'b', params: {} } }),
      allowing,
    ],
    pairs: ['a/A -> b/B halfCallee'],
  },
  {
    row: 'a wildcard within another namespace does not reach the caller',
    declared: [
      callerA({ dependencies: [toB] }),
      calleeB({ allowedCallers: [{ name: '*', namespace: 'c' }] }),
    ],
    pairs: ['a/A -> b/B halfCaller'],
  },
  {
    row: 'a wildcard within the namespace of the caller reaches it',
    declared: [
      callerA({ dependencies: [toB] }),
      calleeB({ allowedCallers: [{ name: '*', namespace: 'a' }] }),
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'a wildcard dependency stays within its namespace',
    declared: [
      callerA({ dependencies: [{ name: '*', namespace: 'c' }] }),
      allowing,
    ],
    pairs: ['a/A -> b/B halfCallee'],
  },
  {
    row: 'two wildcards meet where each lives within the other’s reach',
    declared: [
      callerA({ dependencies: [{ name: '*', namespace: 'b' }] }),
      calleeB({ allowedCallers: [{ name: '*', namespace: 'a' }] }),
      aMember('c/C', { allowedCallers: [{ name: '*', namespace: 'a' }] }),
      aMember('b/D', { allowedCallers: [{ name: '*', namespace: 'c' }] }),
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'a whole namespace agrees by its own key, like any other member',
    declared: [
      aMember('a/A', { target: { namespace: 'a' }, dependencies: [toB] }),
      allowing,
      aMember('a/other', { dependencies: [toB] }),
    ],
    pairs: ['a/A -> b/B agreed'],
  },
  {
    row: 'nobody agrees with itself',
    of: 'b/B',
    declared: [
      calleeB({
        dependsAll: true,
        dependencies: [toB],
        allowedCallers: [toB, anyone],
      }),
    ],
    pairs: [],
  },
];

describe('truth table of agreements', () => {
  it.each(ROWS)('$row', ({ declared, pairs, of = 'a/A' }) => {
    expect(pairsOf(graphOf(...declared), of)).toEqual(pairs);
    expect(pairsOf(graphOf(...[...declared].reverse()), of)).toEqual(pairs);
  });

  it('e12: agrees once the callee exists, with no change to the caller', () => {
    const graph = graphOf(callerA({ dependencies: [toB] }));
    expect(graph.set(allowing)).toEqual([aKey('b/B'), aKey('a/A')]);
    expect(pairsOf(graph, 'b/B')).toEqual(['a/A -> b/B agreed']);
  });
});
