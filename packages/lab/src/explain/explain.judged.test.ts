import {
  AgreementGraph,
  explainFlows,
  ExplainWorld,
  FlowEnd,
  FlowExplanation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Judges, Question, startJudges, Verdict } from '../judges';
import {
  allQuestions,
  compileWorld,
  judgedWorld,
  OUTSIDE,
  podId,
  randomWorld,
  report,
  seedsOf,
  World,
  worldCount,
} from '../worlds';

const BATCH = 25;
const WORLDS = worldCount(50);

jest.setTimeout(60_000 + WORLDS * 3_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

function explainWorldOf(world: World): ExplainWorld {
  const graph = new AgreementGraph();
  world.declared.forEach(member => graph.set(member));
  return {
    graph,
    profile: world.profile,
    foreignPolicies: world.foreign,
    namespaces: world.namespaces,
    pods: world.pods,
  };
}

/** The ends of a world by the names that questions use. */
function endsOf({ pods, externals }: World): Map<string, FlowEnd> {
  return new Map<string, FlowEnd>([
    ...pods.map(pod => [podId(pod), pod] as const),
    ...OUTSIDE.map(name => [name, { outside: name }] as const),
    ...externals.map(
      ({ name, cidr, fqdn }) =>
        [name, { outside: 'address', cidr, fqdn }] as const,
    ),
  ]);
}

/** What differs between an explanation and what the engines say, place by place; nothing when they agree. */
function differences(
  { from, to, port, protocol }: Question,
  { verdict, decision }: FlowExplanation,
  judged: Verdict,
): string[] {
  const { egress, ingress, peerAuthentication, authorization } = decision;
  const mesh =
    peerAuthentication && authorization
      ? peerAuthentication.ruling === 'allow' &&
        authorization.ruling === 'allow'
      : undefined;
  const places = [
    ['verdict', verdict, judged.allowed ? 'allowed' : 'denied'],
    ['carried by', decision.carriedBy, judged.carriedBy],
    ['egress', egress.ruling === 'allow', judged.cilium.egress],
    ['ingress', ingress.ruling === 'allow', judged.cilium.ingress],
    ['mesh', mesh, judged.istio],
  ];
  return places
    .filter(([, said, is]) => said !== is)
    .map(
      ([place, said, is]) =>
        `${from} -> ${to} ${port}/${protocol}: ${place} is ${is}, explained as ${said}`,
    );
}

describe('explanations before the real engines', () => {
  it.each([
    ['our policies alone', false],
    ['policies of others, too', true],
  ])('agree about every pair and port with %s', async (what, withForeign) => {
    const seeds = seedsOf(WORLDS);
    const faults: string[] = [];
    const figures = { worlds: WORLDS, questions: 0, allowed: 0, foreign: 0 };
    for (let start = 0; start < WORLDS; start += BATCH) {
      const worlds = seeds
        .slice(start, start + BATCH)
        .map(seed => randomWorld(seed, { withForeign }));
      const cases = worlds.map(world => ({
        world: judgedWorld(world, compileWorld(world)),
        questions: allQuestions(world),
      }));
      const answers = await judges.ask(cases);
      worlds.forEach((world, index) => {
        const { questions } = cases[index];
        const { verdicts, invalid } = answers[index];
        const explained = explainWorldOf(world);
        const ends = endsOf(world);
        const explanations = explainFlows(
          questions.map(({ from, to, ...port }) => ({
            from: ends.get(from) as FlowEnd,
            to: ends.get(to) as FlowEnd,
            ...port,
          })),
          explained,
        );
        const wrong = questions.flatMap((question, at) =>
          differences(question, explanations[at], verdicts[at]),
        );
        faults.push(
          ...[
            ...invalid.map(one => `${one.object}: ${one.message}`),
            ...wrong,
          ].map(fault => `seed ${world.seed}: ${fault}`),
        );
        figures.questions += questions.length;
        figures.allowed += verdicts.filter(({ allowed }) => allowed).length;
        figures.foreign += world.foreign.length;
      });
    }
    report(`judged explanations with ${what}`, figures);
    expect(faults.slice(0, 40)).toEqual([]);
  });
});
