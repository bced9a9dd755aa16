import { JUDGE_PARTS } from '../parts/catalogue.ts';
import { ensureParts } from '../parts/ensureParts.ts';
import { combineVerdicts } from './combineVerdicts.ts';
import { planCase } from './planCase.ts';
import { runJudge } from './runJudge.ts';
import type { JudgeAnswer, JudgedCase, Judges } from './types.ts';

/** Makes the judges ready, building them when the cache has none, and gives access to them. */
export async function startJudges(): Promise<Judges> {
  const [cilium, istio] = (await ensureParts(JUDGE_PARTS)).map(
    part => part.programs[part.name],
  );
  const closing = new AbortController();
  return {
    ask: cases => ask({ cilium, istio }, cases, closing.signal),
    close: async () => closing.abort(),
  };
}

async function ask(
  programs: { cilium: string; istio: string },
  cases: JudgedCase[],
  signal: AbortSignal,
): Promise<JudgeAnswer[]> {
  const planned = cases.map(planCase);
  const failing = new AbortController();
  const run = (program: string, lines: Iterable<string>) =>
    runJudge({
      program,
      lines,
      count: cases.length,
      signal: AbortSignal.any([signal, failing.signal]),
    }).catch((error: unknown) => {
      // Without one engine's answer the other's is of no use.
      failing.abort();
      throw error;
    });
  const [cilium, istio] = await Promise.all([
    run(programs.cilium, linesOf(planned.map(each => each.cilium))),
    run(programs.istio, linesOf(planned.map(each => each.istio))),
  ]);
  return planned.map((each, index) =>
    combineVerdicts(each, cilium[index], istio[index]),
  );
}

function* linesOf(cases: unknown[]): Generator<string> {
  for (const each of cases) {
    yield JSON.stringify(each);
  }
}
