import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, JudgedCase, Question } from '../judges';
import { isPodOf } from './agreement';
import { allQuestions } from './allQuestions';
import { BilateralModel } from './bilateralModel';
import { judgedWorld } from './compileWorld';
import { World } from './types';

/** What a cluster held right after one write. */
export interface TransitionState {
  readonly write: string;
  /** Where it was written: pods elsewhere are not touched by it. */
  readonly namespace: string | undefined;
  readonly policies: readonly KubernetesObject[];
}

/** One change of what people declare, and everything that the cluster held on the way. */
export interface Transition {
  /** What to call it when something is wrong. */
  readonly name: string;
  readonly before: World;
  readonly after: World;
  readonly states: readonly TransitionState[];
}

/** A question whose answer is the same before and after, and that answer. */
interface Settled {
  readonly question: Question;
  readonly isWanted: boolean;
}

/** Asks about every state in which the cluster was, each only about what is the same before and after. */
export class TransitionJudging {
  readonly #cases: JudgedCase[] = [];
  readonly #asked = new Map<
    string,
    { name: string; settled: readonly Settled[] }
  >();
  readonly #settled = new Map<string, readonly Settled[]>();
  readonly #isUninterrupted: boolean;

  /** @param law - whether traffic that is allowed before and after must pass all the time, too */
  constructor(law: { isUninterrupted: boolean }) {
    this.#isUninterrupted = law.isUninterrupted;
  }

  add({ name, before, after, states }: Transition): void {
    const change = JSON.stringify([before, after].map(idOf));
    const settled = this.#settledBy(change, before, after);
    for (const { write, namespace, policies } of states) {
      const id = `${change} ${namespace} ${JSON.stringify(policies)}`;
      if (this.#asked.has(id)) continue;
      // A policy decides about the pods of its own namespace; all else is as it was one write before.
      const touched = settled.filter(({ question: { from, to } }) =>
        [from, to].some(end => end.startsWith(`${namespace}/`)),
      );
      this.#asked.set(id, {
        name: `${name}, after ${write}`,
        settled: touched,
      });
      this.#cases.push({
        world: judgedWorld(after, policies),
        questions: touched.map(({ question }) => question),
      });
    }
  }

  get cases(): JudgedCase[] {
    return this.#cases;
  }

  /** What has passed, or not passed, against both the old and the new declarations. */
  findFaults(answers: readonly JudgeAnswer[]): string[] {
    return [...this.#asked.values()].flatMap(({ name, settled }, index) => {
      const { verdicts, invalid } = answers[index];
      const wrong = settled
        .filter(({ isWanted }, at) => verdicts[at].allowed !== isWanted)
        .map(describe);
      const refused = invalid.map(
        ({ object, message }) => `refused ${object}: ${message}`,
      );
      return [...refused, ...wrong].map(fault => `${name}: ${fault}`);
    });
  }

  #settledBy(change: string, before: World, after: World): readonly Settled[] {
    const known = this.#settled.get(change);
    if (known) return known;
    const [old, wanted] = [before, after].map(
      world => new BilateralModel(world),
    );
    const settled = allQuestions(after)
      .map(question => ({ question, isWanted: wanted.allows(question) }))
      .filter(
        ({ question, isWanted }) =>
          old.allows(question) === isWanted &&
          (isWanted
            ? this.#isUninterrupted
            : ![old, wanted].some(model => passesByIdentity(model, question))),
      );
    this.#settled.set(change, settled);
    return settled;
  }
}

/** Agreed by labels and stopped by an account alone, or the other way round: nothing that a write could open. */
function passesByIdentity(model: BilateralModel, question: Question): boolean {
  return model.passesByAccount(question) || model.allows(question, isPodOf);
}

function idOf({ declared, departed, pods }: World) {
  return { declared, departed, pods };
}

function describe({ question, isWanted }: Settled): string {
  const { from, to, port, protocol } = question;
  return `${isWanted ? 'lost' : 'opened'} ${from} -> ${to} ${port}/${protocol}`;
}
