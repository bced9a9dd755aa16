import {
  KubernetesObject,
  lintPolicy,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, JudgedPod, Question, Verdict } from '../judges';
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
    if (verdict.allowed && !isWanted && model.passesByAccount(question))
      byAccount++;
    else if (verdict.allowed !== isWanted)
      faults.push(
        describe(isWanted ? 'false deny' : 'false allow', question, verdict),
      );
    const ends = [pods.get(question.from), pods.get(question.to)];
    if (isWanted || !areStrangers(model, ends)) return;
    for (const kind of openSides(model, ends, { question, verdict }))
      faults.push(describe(kind, question, verdict));
  });
  return { faults, byAccount, allowed, questions: questions.length };
}

type Ends = readonly (JudgedPod | undefined)[];

function areStrangers(model: BilateralModel, [source, target]: Ends): boolean {
  return source && target ? !model.hasAgreement(source, target) : false;
}

/** Sides of a pair without agreement that would let it pass if the other side did. */
function openSides(
  model: BilateralModel,
  [source, target]: Ends,
  { question, verdict }: { question: Question; verdict: Verdict },
): FaultKind[] {
  const sides: FaultKind[] = [];
  if (source && model.isGuarded(source) && verdict.cilium.egress)
    sides.push('caller not closed by itself');
  if (target && model.isGuarded(target)) {
    // Plaintext is the network's decision; members that share an account are one to the mesh.
    const isLetInByMesh =
      verdict.carriedBy === 'hbone' &&
      verdict.istio &&
      model.isInMesh(target) &&
      !model.isTrustedByAccount(question);
    if (verdict.cilium.ingress || isLetInByMesh)
      sides.push('callee not closed by itself');
  }
  return sides;
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
