import { Judges, startJudges } from '../judges';
import { Cluster } from './Cluster';
import { compileWorld } from './compileWorld';
import { EDITS, EditKind, editWorld } from './editWorld';
import { TransitionJudging } from './findTransitionFaults';
import { Random } from './Random';
import { randomWorld } from './randomWorld';
import { report, SEED, seedsOf } from './runSettings';

const EDITS_PER_KIND = Number(process.env.LATTICE_EDITS ?? 4);

jest.setTimeout(180_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

const KINDS = [
  ...(Object.keys(EDITS) as EditKind[]),
  'appears',
  'disappears',
  'all',
] as const;

describe('random edits before the real engines', () => {
  it.each(KINDS)(
    'open nothing, after any write, that neither side of the edit agrees on: %s',
    async kind => {
      const random = new Random(SEED);
      const judging = new TransitionJudging({ isUninterrupted: false });
      for (const seed of seedsOf(EDITS_PER_KIND)) {
        const { before, after } = editWorld(randomWorld(seed), kind, random);
        const cluster = new Cluster(compileWorld(before));
        const states = cluster.settle(after, random, before.declared);
        judging.add({ name: `seed ${seed}`, before, after, states });
      }
      const faults = judging.findFaults(await judges.ask(judging.cases));
      report(`judged edits, ${kind}`, {
        states: judging.cases.length,
        questions: judging.cases.reduce(
          (sum, { questions }) => sum + questions.length,
          0,
        ),
      });
      expect([...new Set(faults)].slice(0, 10)).toEqual([]);
    },
  );
});
