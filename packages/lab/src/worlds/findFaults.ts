import {
  KubernetesObject,
  lintPolicy,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, Question, Verdict } from '../judges';
import { BilateralModel } from './bilateralModel';
import { podId, World } from './types';

/** What the engines' answer to a world shows. */
export interface Findings {
  /** One sentence for each fault; none when the policies do exactly what was agreed. */
  readonly faults: readonly string[];
  /** Passed only because two members share an account, which no engine can tell apart. */
  readonly byAccount: number;
  readonly allowed: number;
  readonly questions: number;
}

/** Holds the engines' answer against the model: the whole path, each side by itself, and the objects' validity. */
export function findFaults(
  world: World,
  questions: readonly Question[],
  answer: JudgeAnswer,
): Findings {
  const model = new BilateralModel(world);
  const pods = new Map(world.pods.map(pod => [podId(pod), pod]));
  const faults = answer.invalid.map(
    ({ object, engine, message }) => `${engine} refuses ${object}: ${message}`,
  );
  let [byAccount, allowed] = [0, 0];
  questions.forEach((question, index) => {
    const verdict = answer.verdicts[index];
    const isWanted = model.allows(question);
    if (verdict.allowed) allowed++;
    if (verdict.allowed && !isWanted && model.passesByAccount(question)) {
      byAccount++;
    } else if (verdict.allowed !== isWanted) {
      faults.push(
        describe(isWanted ? 'false deny' : 'false allow', question, verdict),
      );
    }
    const [source, target] = [pods.get(question.from), pods.get(question.to)];
    if (!source || !target || model.hasAgreement(source, target)) return;
    if (isWanted) return;
    if (model.isGuarded(source) && verdict.cilium.egress)
      faults.push(describe('caller not closed by itself', question, verdict));
    if (!model.isGuarded(target)) return;
    const isLetIn =
      verdict.carriedBy === 'hbone' &&
      verdict.istio &&
      target.ambient &&
      model.isInMesh(target) &&
      !model.isTrustedByAccount(question);
    if (verdict.cilium.ingress || isLetIn)
      faults.push(describe('callee not closed by itself', question, verdict));
  });
  return { faults, byAccount, allowed, questions: questions.length };
}

/** What is wrong with the shape of policies, whatever they let through. */
export function lintAll(policies: readonly KubernetesObject[]): string[] {
  return policies.flatMap(policy =>
    lintPolicy(policy).map(
      problem => `lint: ${policy.kind} ${policy.metadata.name}: ${problem}`,
    ),
  );
}

function describe(
  what: string,
  { from, to, port, protocol }: Question,
  { cilium, istio, carriedBy }: Verdict,
): string {
  const mesh = istio === undefined ? '' : `, mesh ${istio}`;
  return `${what}: ${from} -> ${to} ${port}/${protocol} (${carriedBy}, egress ${cilium.egress}, ingress ${cilium.ingress}${mesh})`;
}
