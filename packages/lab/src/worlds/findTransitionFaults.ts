import { JudgeAnswer, JudgedCase, Question } from '../judges';
import { allQuestions } from './allQuestions';
import { BilateralModel } from './bilateralModel';
import { ClusterState } from './Cluster';
import { judgedWorld } from './compileWorld';
import { World } from './types';

/** One change of what people declare, and everything that the cluster held on the way. */
export interface Transition {
  /** What to call it when something is wrong. */
  readonly name: string;
  readonly before: World;
  readonly after: World;
  readonly states: readonly ClusterState[];
}

/** Asks about every state in which the cluster was, each only about what is the same before and after. */
export class TransitionJudging {
  readonly #cases: JudgedCase[] = [];
  readonly #known = new Map<string, number>();
  readonly #asked: { transition: Transition; cases: number[] }[] = [];
  readonly #isUninterrupted: boolean;

  /** @param law - whether traffic that is allowed before and after must pass all the time, too */
  constructor(law: { isUninterrupted: boolean }) {
    this.#isUninterrupted = law.isUninterrupted;
  }

  add(transition: Transition): void {
    const { states, after } = transition;
    const cases = states.map(({ policies }) => {
      const world = judgedWorld(after, policies);
      const id = JSON.stringify([world.pods, world.policies]);
      const known = this.#known.get(id);
      if (known !== undefined) return known;
      this.#cases.push({ world, questions: allQuestions(after) });
      this.#known.set(id, this.#cases.length - 1);
      return this.#cases.length - 1;
    });
    this.#asked.push({ transition, cases });
  }

  get cases(): JudgedCase[] {
    return this.#cases;
  }

  /** What has passed, or not passed, against both the old and the new declarations. */
  findFaults(answers: readonly JudgeAnswer[]): string[] {
    return this.#asked.flatMap(({ transition, cases }) => {
      const { name, before, after, states } = transition;
      const models = [before, after].map(world => new BilateralModel(world));
      return cases.flatMap((index, step) => {
        const { questions } = this.#cases[index];
        const { verdicts, invalid } = answers[index];
        const wrong = questions
          .filter((question, at) => {
            const [old, wanted] = models.map(model => model.allows(question));
            if (old !== wanted) return false;
            const isPassed = verdicts[at].allowed;
            if (wanted) return this.#isUninterrupted && !isPassed;
            return (
              isPassed && !models.some(model => model.passesByAccount(question))
            );
          })
          .map(question => describe(question, models[1].allows(question)));
        return [
          ...invalid.map(
            ({ object, message }) => `refused ${object}: ${message}`,
          ),
          ...wrong,
        ].map(fault => `${name}, after ${states[step].write}: ${fault}`);
      });
    });
  }
}

function describe({ from, to, port, protocol }: Question, isLost: boolean) {
  return `${isLost ? 'lost' : 'opened'} ${from} -> ${to} ${port}/${protocol}`;
}
