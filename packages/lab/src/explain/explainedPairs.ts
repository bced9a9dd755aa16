import {
  explain,
  Explanation,
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
  const asked = members.flatMap(caller =>
    members.flatMap(callee =>
      portsOf(callee).map(port => {
        const flows = flowsOf(world, caller, callee);
        const ruled = flows.map(flow => judged.get(idOf({ ...flow, ...port })));
        return { caller, callee, port, ruled };
      }),
    ),
  );
  const known = asked.filter(({ ruled }) => ruled.length > 0);
  const faults = known.flatMap(({ caller, callee, port, ruled }) => {
    const explanation = explain(
      { caller: caller.metadata, callee: callee.metadata, ...port },
      explained,
    );
    const isOpen = ruled.every(Boolean);
    if (isRight(explanation, isOpen)) return [];
    const pair = [caller, callee].map(one => formatKey(one.metadata));
    return [
      `seed ${world.seed}: ${pair.join(' -> ')} ${port.port}/${
        port.protocol
      } is ${isOpen ? 'open' : 'closed'}, explained as ${explanation.verdict}`,
    ];
  });
  return { asked: known.length, faults };
}

function isRight(
  { verdict, firstFailing }: Explanation,
  isOpen: boolean,
): boolean {
  if (verdict === 'unknown') return true;
  return isOpen
    ? verdict === 'allowed' && !firstFailing
    : verdict === 'denied' && firstFailing?.verdict === 'fail';
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
