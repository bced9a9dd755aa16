import fc from 'fast-check';
import { formatKey } from '../api/object';
import {
  aWorld,
  graphOf,
  inhabitants,
  mayPass,
  PORTS,
} from '../policies/__testUtils__/worlds';
import { DEFAULT_PROFILE } from '../policies/ClusterProfile';
import { explain } from './explain';
import { ExplainPod } from './engines';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LATTICE_RUNS ?? 40);

describe('laws of explanations', () => {
  it(`say of every declared pair and port what the bilateral rule says, and why not (seed ${SEED})`, () => {
    fc.assert(
      fc.property(aWorld, members => {
        const pods = inhabitants(members).map(
          ({ pod: { isEnrolled, ...pod } }, index): ExplainPod => ({
            ...pod,
            name: `pod-${index}`,
            ambient: isEnrolled,
          }),
        );
        const world = {
          graph: graphOf(members),
          profile: DEFAULT_PROFILE,
          foreignPolicies: [],
          pods,
        };
        const questions = members.flatMap(from =>
          members.flatMap(to => PORTS.map(port => ({ from, to, port }))),
        );
        const wrong = questions.filter(({ from, to, port }) => {
          const { verdict, firstFailing, layers } = explain(
            {
              caller: from.metadata,
              callee: to.metadata,
              port: port[0],
              protocol: port[1],
            },
            world,
          );
          const first = layers.find(one => one.verdict === 'fail');
          return mayPass(from, to, port)
            ? verdict !== 'allowed' || firstFailing !== undefined
            : verdict !== 'denied' || firstFailing !== first;
        });
        expect(
          wrong.map(({ from, to, port }) =>
            [formatKey(from.metadata), formatKey(to.metadata), ...port].join(
              ' ',
            ),
          ),
        ).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
