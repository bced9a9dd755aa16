import { aPod, aWorld } from './aWorld';
import { combineVerdicts } from './combineVerdicts';
import { planCase } from './planCase';

const planned = planCase({
  world: aWorld([
    aPod('a/x', { ambient: true }),
    aPod('a/y', { ambient: true }),
    aPod('a/z'),
  ]),
  questions: [
    { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP' },
    { from: 'a/x', to: 'a/z', port: 80, protocol: 'TCP' },
  ],
});
const answer = (verdicts: string) => ({ verdicts, invalid: [] });
const combine = (cilium: string, istio: string) =>
  combineVerdicts(planned, answer(cilium), answer(istio)).verdicts;

describe('combineVerdicts', () => {
  it.each([
    ['33', '1', [true, true]],
    ['33', '0', [false, true]],
    ['13', '1', [false, true]],
    ['21', '1', [false, false]],
    ['02', '1', [false, false]],
  ])(
    'allows what every engine on the path allows: Cilium %s, ztunnel %s',
    (cilium, istio, allowed) => {
      expect(combine(cilium, istio).map(verdict => verdict.allowed)).toEqual(
        allowed,
      );
    },
  );

  it('says which side refused, and leaves ztunnel out where nothing is captured', () => {
    expect(combine('12', '1')).toEqual([
      {
        allowed: false,
        cilium: { egress: true, ingress: false },
        istio: true,
        carriedBy: 'hbone',
      },
      {
        allowed: false,
        cilium: { egress: false, ingress: true },
        carriedBy: 'plain',
      },
    ]);
  });

  it('names the engine that refused an object', () => {
    const { invalid } = combineVerdicts(
      planned,
      { verdicts: '33', invalid: [{ object: 'A', message: 'one' }] },
      { verdicts: '1', invalid: [{ object: 'B', message: 'two' }] },
    );
    expect(invalid).toEqual([
      { object: 'A', message: 'one', engine: 'cilium' },
      { object: 'B', message: 'two', engine: 'istio' },
    ]);
  });

  it.each([
    ['3', '1'],
    ['33', ''],
    ['3x', '1'],
  ])(
    'takes no missing answer for a verdict: Cilium %s, ztunnel %s',
    (cilium, istio) => {
      expect(() => combine(cilium, istio)).toThrow(/answered/);
    },
  );
});
