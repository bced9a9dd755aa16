import fc from 'fast-check';
import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { aKey, aMember, aPort } from '../graph/__testUtils__/aMember';
import { aWorld, graphOf } from '../policies/__testUtils__/worlds';
import { DEFAULT_PROFILE } from '../policies/ClusterProfile';
import { comparePairs, PairComparison } from './comparePairs';
import { explain } from './explain';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const OPTIONS = { profile: DEFAULT_PROFILE };

const compare = (before: LatticeMember[], after: LatticeMember[]) =>
  comparePairs(graphOf(before), graphOf(after), OPTIONS);

const caller = aMember('a/one', {
  dependencies: [{ namespace: 'b', name: 'two' }],
});
const callee = (changes: Partial<LatticeMember['spec']> = {}) =>
  aMember('b/two', {
    ports: [aPort(80), aPort(81)],
    allowedCallers: [{ namespace: 'a', name: 'one' }],
    ...changes,
  });
const NOTHING: PairComparison = {
  opened: [],
  closed: [],
  outsideOpened: [],
  outsideClosed: [],
  namespaces: [],
};

describe('pairs that a change opens and closes', () => {
  it('are none while only one side has declared', () => {
    expect(compare([], [caller])).toEqual(NOTHING);
    expect(compare([], [callee()])).toEqual(NOTHING);
  });

  it('open with the second half, and close with either', () => {
    const pair = {
      caller: aKey('a/one'),
      callee: aKey('b/two'),
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 81, protocol: 'TCP' },
      ],
      isWildcard: false,
    };
    const namespaces = ['a', 'b'];
    expect(compare([caller], [caller, callee()])).toEqual({
      ...NOTHING,
      opened: [pair],
      namespaces,
    });
    expect(compare([caller, callee()], [callee()])).toEqual({
      ...NOTHING,
      closed: [pair],
      namespaces,
    });
  });

  it('open and close port by port', () => {
    const after = callee({ ports: [aPort(81), aPort(82)] });
    const { opened, closed } = compare([caller, callee()], [caller, after]);
    expect(opened[0].ports).toEqual([{ port: 82, protocol: 'TCP' }]);
    expect(closed[0].ports).toEqual([{ port: 80, protocol: 'TCP' }]);
  });

  it('close when the caller leaves the mesh that the port asks for', () => {
    const outside = aMember('a/one', { ...caller.spec, ambient: false });
    expect(
      compare([caller, callee()], [outside, callee()]).closed,
    ).toHaveLength(1);
  });

  it('are marked when only wildcards mean them', () => {
    const all = aMember('a/one', { dependsAll: true });
    const anyone = callee({ allowedCallers: [{ name: '*' }] });
    expect(compare([all], [all, anyone]).opened).toEqual([
      expect.objectContaining({ isWildcard: true }),
    ]);
  });

  it('include the places outside', () => {
    const egress = [
      {
        target: { cidr: '10.0.0.0/8' },
        ports: [443],
        protocol: 'TCP' as const,
      },
    ];
    const hook = aPort(9443, { peerAuth: 'Webhook' });
    const change = compare([callee({ egress })], [callee({ ports: [hook] })]);
    expect(change.outsideClosed.map(({ place }) => place)).toEqual([
      'cidr:10.0.0.0/8',
    ]);
    expect(change.outsideOpened).toEqual([
      {
        key: aKey('b/two'),
        direction: 'in',
        place: 'api-server',
        ports: [{ port: 9443, protocol: 'TCP' }],
      },
    ]);
  });
});

describe('laws of comparisons', () => {
  it(`need only the changed keys, say what explanations say, and turn round (seed ${SEED})`, () => {
    fc.assert(
      fc.property(aWorld, aWorld, (before, other) => {
        const index = before.length - 1;
        const changed = other.find(
          one => formatKey(one.metadata) === formatKey(before[index].metadata),
        );
        const after = [
          ...before.slice(0, index),
          ...(changed ? [changed] : []),
        ];
        const graphs = [graphOf(before), graphOf(after)] as const;
        const whole = comparePairs(...graphs, OPTIONS);
        const keys = [before[index].metadata];
        expect(comparePairs(...graphs, { ...OPTIONS, changed: keys })).toEqual(
          whole,
        );
        const back = comparePairs(graphs[1], graphs[0], OPTIONS);
        const pairs = (list: PairComparison['opened']) =>
          list.map(({ isWildcard: _, ...pair }) => pair);
        expect(pairs(back.opened)).toEqual(pairs(whole.closed));
        const verdicts = (graph: (typeof graphs)[number]) =>
          whole.opened.flatMap(({ caller: from, callee: to, ports }) =>
            ports.map(
              port =>
                explain(
                  { caller: from, callee: to, ...port },
                  { graph, profile: DEFAULT_PROFILE, foreignPolicies: [] },
                ).verdict,
            ),
          );
        expect(verdicts(graphs[1]).every(one => one === 'allowed')).toBe(true);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
