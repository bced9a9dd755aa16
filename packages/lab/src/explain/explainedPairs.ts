import {
  explain,
  ExplainWorld,
  formatKey,
  LatticeMember,
  selectsPod,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod, Question, Verdict } from '../judges';
import { podId, World } from '../worlds';

const UNDECLARED = { port: 9999, protocol: 'TCP' as const };

/** What came of asking about declared pairs instead of pods. */
export interface PairFindings {
  readonly asked: number;
  readonly faults: readonly string[];
}

/**
 * Asks about every pair of declarations and every port. The answer must be that of the engines about the pods of both:
 * allowed when all of them are let through, and else denied with a link of the chain that fails.
 */
export function explainDeclaredPairs(
  world: World,
  explained: ExplainWorld,
  questions: readonly Question[],
  verdicts: readonly Verdict[],
): PairFindings {
  const judged = new Map(
    questions.map((question, index) => [
      idOf(question),
      verdicts[index].allowed,
    ]),
  );
  const members = explained.graph
    .keys()
    .flatMap(key => explained.graph.get(key) ?? []);
  const faults: string[] = [];
  let asked = 0;
  for (const caller of members)
    for (const callee of members)
      for (const port of portsOf(callee)) {
        const flows = flowsOf(world, caller, callee).map(flow =>
          judged.get(idOf({ ...flow, ...port })),
        );
        if (flows.length === 0) continue;
        asked += 1;
        const { verdict, firstFailing } = explain(
          { caller: caller.metadata, callee: callee.metadata, ...port },
          explained,
        );
        const isOpen = flows.every(Boolean);
        const isRight = isOpen
          ? verdict === 'allowed' && !firstFailing
          : verdict === 'denied' && firstFailing?.verdict === 'fail';
        if (verdict !== 'unknown' && !isRight)
          faults.push(
            `seed ${world.seed}: ${formatKey(caller.metadata)} -> ${formatKey(
              callee.metadata,
            )} ${port.port}/${port.protocol} is ${
              isOpen ? 'open' : 'closed'
            }, explained as ${verdict}`,
          );
      }
  return { asked, faults };
}

/** Every declared one, and one that nobody declares. */
function portsOf({
  spec,
}: LatticeMember): Pick<Question, 'port' | 'protocol'>[] {
  const declared = spec.ports.map(({ port, protocol }) => ({ port, protocol }));
  return [...declared, UNDECLARED];
}

function flowsOf(world: World, caller: LatticeMember, callee: LatticeMember) {
  const of =
    ({ metadata, spec }: LatticeMember) =>
    (pod: JudgedPod) =>
      pod.namespace === metadata.namespace &&
      selectsPod(spec.target, pod.labels);
  const targets = world.pods.filter(of(callee)).map(podId);
  return world.pods
    .filter(of(caller))
    .map(podId)
    .flatMap(from =>
      targets.filter(to => to !== from).map(to => ({ from, to })),
    );
}

function idOf({ from, to, port, protocol }: Question): string {
  return `${from} ${to} ${port}/${protocol}`;
}
