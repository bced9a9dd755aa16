import { Ends } from './Ends.ts';
import type { CiliumCase, IstioCase } from './engineCases.ts';
import { CILIUM_KINDS, ISTIO_KINDS } from './engineCases.ts';
import type { JudgedCase, JudgedPolicy } from './types.ts';

/** Port on which ambient pods receive what the mesh carries. */
export const HBONE_PORT = 15008;

/** How one question is put to the engines. */
export type PlannedQuestion = {
  carriedBy: 'plain' | 'hbone';
  /** Index into the questions of the Istio case; absent when nothing is captured at the callee. */
  istioQuestion?: number;
};

/** A case split into what each engine is asked. */
export type PlannedCase = {
  cilium: CiliumCase;
  istio: IstioCase;
  questions: PlannedQuestion[];
};

/**
 * Splits a case: TCP between two ambient pods is carried by HBONE and judged by Cilium on its port and by ztunnel with
 * the caller's identity; everything else is plain, and ztunnel sees it, without an identity, where the callee is ambient.
 */
export function planCase({ world, questions }: JudgedCase): PlannedCase {
  assertDistinctObjects(world.policies);
  const ends = new Ends({ world, questions });
  const istioQuestions: IstioCase['questions'] = [];
  const ciliumQuestions: CiliumCase['questions'] = [];
  const planned = questions.map((question): PlannedQuestion => {
    const isTcp = question.protocol === 'TCP';
    const callee = isTcp ? ends.capturedIndex(question.to) : undefined;
    const caller =
      callee === undefined ? undefined : ends.capturedIndex(question.from);
    const carriedBy = caller === undefined ? 'plain' : 'hbone';
    ciliumQuestions.push([
      ends.ciliumIndex(question.from),
      ends.ciliumIndex(question.to),
      carriedBy === 'hbone' ? HBONE_PORT : question.port,
      question.protocol,
    ]);
    if (callee === undefined) {
      return { carriedBy };
    }
    const source = ends.sourceIndex(question.from, carriedBy === 'hbone');
    istioQuestions.push([callee, source, question.port]);
    return { carriedBy, istioQuestion: istioQuestions.length - 1 };
  });
  return {
    questions: planned,
    cilium: ends.ciliumCase(ciliumQuestions),
    istio: ends.istioCase(istioQuestions),
  };
}

/** A cluster cannot hold two objects of one name, and what no engine reads would be passed over in silence. */
function assertDistinctObjects(policies: JudgedPolicy[]): void {
  const seen = new Set<string>();
  for (const { kind, metadata } of policies) {
    const key = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    if (![...CILIUM_KINDS, ...ISTIO_KINDS].includes(kind)) {
      throw new Error(`No judge reads objects of kind ${kind}`);
    }
    if (seen.has(key)) {
      throw new Error(`The world has ${key} twice`);
    }
    seen.add(key);
  }
}
