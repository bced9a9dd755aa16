import {
  KubernetesObject,
  lintPolicy,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, Question, Verdict } from '../judges';
import { BilateralModel } from './bilateralModel';
import { podId, World } from './types';

/** What can be wrong with policies. */
export type FaultKind =
  | 'false allow'
  | 'false deny'
  | 'caller not closed by itself'
  | 'callee not closed by itself'
  | 'refused by an engine'
  | 'lint';

/** One thing that is wrong with policies. */
export interface Fault {
  readonly kind: FaultKind;
  readonly detail: string;
}

/** What the engines' answer to a world shows. */
export interface Findings {
  /** None when the policies do exactly what was agreed. */
  readonly faults: readonly Fault[];
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
    ({ object, engine, message }): Fault => ({
      kind: 'refused by an engine',
      detail: `${engine}, ${object}: ${message}`,
    }),
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
export function lintAll(policies: readonly KubernetesObject[]): Fault[] {
  return policies.flatMap(policy =>
    lintPolicy(policy).map(
      (problem): Fault => ({
        kind: 'lint',
        detail: `${policy.kind} ${policy.metadata.name}: ${problem}`,
      }),
    ),
  );
}

/** A fault as one line. */
export function formatFault({ kind, detail }: Fault): string {
  return `${kind}: ${detail}`;
}

function describe(
  kind: FaultKind,
  { from, to, port, protocol }: Question,
  { cilium, istio, carriedBy }: Verdict,
): Fault {
  const mesh = istio === undefined ? '' : `, mesh ${istio}`;
  return {
    kind,
    detail: `${from} -> ${to} ${port}/${protocol} (${carriedBy}, egress ${cilium.egress}, ingress ${cilium.ingress}${mesh})`,
  };
}
