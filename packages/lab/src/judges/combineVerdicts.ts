import type { PlannedCase } from './planCase.ts';
import type { JudgeAnswer, Verdict } from './types.ts';

/** One line of the answer of a judge. */
export type EngineAnswer = {
  /** One digit for each question: Cilium adds 1 for egress and 2 for ingress; Istio has 1 for allowed. */
  verdicts: string;
  invalid: { object: string; message: string }[];
};

/** Puts the engines' answers to one case together: allowed is what every engine on the path allows. */
export function combineVerdicts(
  planned: PlannedCase,
  cilium: EngineAnswer,
  istio: EngineAnswer,
): JudgeAnswer {
  assertComplete('cilium', cilium, planned.cilium.questions.length);
  assertComplete('istio', istio, planned.istio.questions.length);
  const verdicts = planned.questions.map(
    ({ carriedBy, istioQuestion }, index): Verdict => {
      const digit = Number(cilium.verdicts[index]);
      const sides = { egress: (digit & 1) !== 0, ingress: (digit & 2) !== 0 };
      const carried = sides.egress && sides.ingress;
      if (istioQuestion === undefined) {
        return { allowed: carried, cilium: sides, carriedBy };
      }
      const isLetIn = istio.verdicts[istioQuestion] === '1';
      return {
        allowed: carried && isLetIn,
        cilium: sides,
        istio: isLetIn,
        carriedBy,
      };
    },
  );
  return {
    verdicts,
    invalid: [
      ...cilium.invalid.map(entry => ({ ...entry, engine: 'cilium' as const })),
      ...istio.invalid.map(entry => ({ ...entry, engine: 'istio' as const })),
    ],
  };
}

function assertComplete(
  engine: string,
  { verdicts }: EngineAnswer,
  wanted: number,
): void {
  if (verdicts.length !== wanted || !/^[0-3]*$/.test(verdicts)) {
    throw new Error(
      `The judge of ${engine} answered ${verdicts.length} of ${wanted} questions`,
    );
  }
}
