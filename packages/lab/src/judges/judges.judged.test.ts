import { CILIUM_FACTS } from './ciliumFacts';
import { CILIUM_PEER_FACTS } from './ciliumPeerFacts';
import type { Fact } from './facts';
import { questionsOf } from './facts';
import { ISTIO_FACTS } from './istioFacts';
import { startJudges } from './startJudges';
import type { JudgeAnswer, Judges } from './types';

/** Without a cached build the judges are built first. */
const BUILD_TIMEOUT_MS = 30 * 60_000;
const CILIUM = [...CILIUM_FACTS, ...CILIUM_PEER_FACTS];
const FACTS = [...CILIUM, ...ISTIO_FACTS];

describe('the judges', () => {
  let judges: Judges | undefined;
  const answers = new Map<Fact, JudgeAnswer>();

  beforeAll(async () => {
    judges = await startJudges();
    const asked = await judges.ask(
      FACTS.map(fact => ({
        world: fact.world,
        questions: questionsOf(fact),
      })),
    );
    FACTS.forEach((fact, index) => answers.set(fact, asked[index]));
  }, BUILD_TIMEOUT_MS);
  afterAll(() => judges?.close());

  describe.each([
    ['Cilium', CILIUM],
    ['Istio', ISTIO_FACTS],
  ])('%s knows that', (_engine, facts) => {
    it.each(facts.map(fact => [fact.says, fact] as const))(
      '%s',
      (_says, fact) => {
        const { open = [], closed = [], refused = [] } = fact;
        const { verdicts, invalid } = answers.get(fact) as JudgeAnswer;
        const flows = [...open, ...closed];
        expect({
          open: flows.filter((_, index) => verdicts[index].allowed),
          refused: invalid.map(({ object }) => object),
        }).toEqual({ open, refused });
        expect(invalid.every(({ message }) => message !== '')).toBe(true);
      },
    );
  });
});
