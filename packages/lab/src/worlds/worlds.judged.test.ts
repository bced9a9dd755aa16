import { Judges, startJudges } from '../judges';
import { allQuestions } from './allQuestions';
import { compileWorld, judgedWorld } from './compileWorld';
import { findFaults, Findings, formatFault, lintAll } from './findFaults';
import { randomWorld } from './randomWorld';
import { report, seedsOf, worldCount } from './runSettings';
import { World } from './types';

const BATCH = 25;
const WORLDS = worldCount(100);

jest.setTimeout(60_000 + WORLDS * 2_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

async function judgeBatch(worlds: readonly World[]): Promise<Findings[]> {
  const cases = worlds.map(world => ({
    world: judgedWorld(world, compileWorld(world)),
    questions: allQuestions(world),
  }));
  const answers = await judges.ask(cases);
  return worlds.map((world, index) =>
    findFaults(world, cases[index].questions, answers[index]),
  );
}

describe('compiled policies before the real engines', () => {
  it(`open exactly what both sides declare, in ${WORLDS} random worlds, for every pair and port`, async () => {
    const seeds = seedsOf(WORLDS);
    const faults: string[] = [];
    const figures = { worlds: WORLDS, questions: 0, allowed: 0, byAccount: 0 };
    for (let start = 0; start < WORLDS; start += BATCH) {
      const worlds = seeds
        .slice(start, start + BATCH)
        .map(seed => randomWorld(seed));
      const findings = await judgeBatch(worlds);
      findings.forEach((one, index) => {
        const { seed } = worlds[index];
        const lint = lintAll(compileWorld(worlds[index]));
        faults.push(
          ...[...lint, ...one.faults].map(
            fault => `seed ${seed}: ${formatFault(fault)}`,
          ),
        );
        figures.questions += one.questions;
        figures.allowed += one.allowed;
        figures.byAccount += one.byAccount;
      });
    }
    report('judged worlds', figures);
    expect(faults.slice(0, 40)).toEqual([]);
  });

  it('are joined by foreign policies that the engines take', async () => {
    const worlds = seedsOf(BATCH).map(seed =>
      randomWorld(seed, { withForeign: true }),
    );
    const answers = await judges.ask(
      worlds.map(world => ({
        world: judgedWorld(world, compileWorld(world)),
        questions: [],
      })),
    );
    expect(answers.flatMap(({ invalid }) => invalid)).toEqual([]);
  });
});
