import { Judges, startJudges } from '../judges';
import { TransitionJudging } from './findTransitionFaults';
import { HAND_OVERS, handOverOrders, walkHandOver } from './handOver';
import { Random } from './Random';
import { report, SEED } from './runSettings';

jest.setTimeout(180_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

describe('hand-over of a key between member and service', () => {
  it.each(HAND_OVERS)(
    'loses nothing and opens nothing, in any order, after any write: $name',
    async handOver => {
      const random = new Random(SEED);
      const judging = new TransitionJudging({ isUninterrupted: true });
      const orders = handOverOrders();
      for (const order of orders)
        for (const transition of walkHandOver(handOver, order, random))
          judging.add(transition);
      const faults = judging.findFaults(await judges.ask(judging.cases));
      report(`judged hand-over, ${handOver.name}`, {
        orders: orders.length,
        states: judging.cases.length,
        questions: judging.cases.reduce(
          (sum, { questions }) => sum + questions.length,
          0,
        ),
      });
      expect([...new Set(faults)].slice(0, 20)).toEqual([]);
    },
  );
});
