import { Judges, startJudges } from '../judges';
import { allQuestions } from './allQuestions';
import { Cluster } from './Cluster';
import { compileWorld, judgedWorld } from './compileWorld';
import { findFaults, formatFault, lintAll } from './findFaults';
import { Random } from './Random';
import { randomWorld, withManifests } from './randomWorld';
import { report, SEED, seedsOf, worldCount } from './runSettings';
import { World } from './types';

const WORLDS = Math.ceil(worldCount(100) / 5);

jest.setTimeout(120_000 + WORLDS * 2_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

/** Every declaration is removed; the pods run on. */
function abandoned(world: World): World {
  return { ...withManifests(world, []), departed: world.declared };
}

describe('policies whose members have all gone', () => {
  it(`keep every pair closed while pods run, and go with the last pod, in ${WORLDS} random worlds`, async () => {
    const random = new Random(SEED);
    const worlds = seedsOf(WORLDS).map(seed => randomWorld(seed));
    const left = worlds.map(world => {
      const cluster = new Cluster(compileWorld(world));
      cluster.settle(abandoned(world), random, world.declared);
      return { world, cluster, policies: cluster.policies() };
    });
    const cases = left.map(({ world, policies }) => ({
      world: judgedWorld(world, policies),
      questions: allQuestions(world),
    }));
    const answers = await judges.ask(cases);
    const faults = left.flatMap(({ world, policies }, index) => [
      ...lintAll(policies),
      ...findFaults(abandoned(world), cases[index].questions, answers[index])
        .faults,
    ]);
    report('judged departures', {
      worlds: WORLDS,
      questions: cases.reduce(
        (sum, { questions }) => sum + questions.length,
        0,
      ),
    });
    expect(faults.slice(0, 20).map(formatFault)).toEqual([]);

    for (const { world, cluster } of left) {
      const empty = { ...abandoned(world), pods: [] };
      cluster.settle(empty, random, world.declared);
      expect(cluster.policies()).toEqual([]);
    }
  });
});
