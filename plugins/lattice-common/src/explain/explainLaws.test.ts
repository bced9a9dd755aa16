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
        const wrong: string[] = [];
        for (const from of members)
          for (const to of members)
            for (const [port, protocol] of PORTS) {
              const { verdict, firstFailing, layers } = explain(
                { caller: from.metadata, callee: to.metadata, port, protocol },
                world,
              );
              const isOpen = mayPass(from, to, [port, protocol]);
              const firsts = layers.filter(one => one.verdict === 'fail');
              const isRight = isOpen
                ? verdict === 'allowed' && firstFailing === undefined
                : verdict === 'denied' && firstFailing === firsts[0];
              if (!isRight)
                wrong.push(
                  `${formatKey(from.metadata)} -> ${formatKey(
                    to.metadata,
                  )} ${port}/${protocol} is ${verdict}`,
                );
            }
        expect(wrong).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
