import {
  AgreementGraph,
  Decision,
  explainFlows,
  ExplainWorld,
  FlowEnd,
  findCiliumRefusal,
  FlowExplanation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, Judges, Question, startJudges, Verdict } from '../judges';
import {
  allQuestions,
  compileWorld,
  judgedWorld,
  OUTSIDE,
  podId,
  Random,
  randomWorld,
  report,
  seedsOf,
  World,
  worldCount,
} from '../worlds';
import { explainDeclaredPairs } from './explainedPairs';
import { draftOddPolicies } from './oddPolicies';

const BATCH = 25;
const WORLDS = worldCount(20);

jest.setTimeout(60_000 + WORLDS * 4_000);

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

/** Explains every question of a world. */
function explainAll(
  world: World,
  questions: readonly Question[],
): FlowExplanation[] {
  const ends = endsOf(world);
  const end = (name: string) => ends.get(name) as FlowEnd;
  const flows = questions.map(({ from, to, ...port }) => ({
    from: end(from),
    to: end(to),
    ...port,
  }));
  return explainFlows(flows, explainWorldOf(world));
}

/** `undefined` for what is said to be unknown, as that is no claim. */
function claimed(...decisions: (Decision | undefined)[]): boolean | undefined {
  const rulings = decisions.flatMap(one => one?.ruling ?? []);
  if (rulings.includes('deny')) return false;
  return rulings.includes('unknown') ? undefined : true;
}

/** What an explanation claims and the engines deny, place by place. */
function differences(
  { from, to, port, protocol }: Question,
  { verdict, decision }: FlowExplanation,
  judged: Verdict,
): string[] {
  const { egress, ingress, peerAuthentication, authorization } = decision;
  const allowed = verdict === 'unknown' ? undefined : verdict === 'allowed';
  const places: [string, unknown, unknown][] = [
    ['allowed', allowed, judged.allowed],
    ['carried by', decision.carriedBy, judged.carriedBy],
    ['egress', claimed(egress), judged.cilium.egress],
    ['ingress', claimed(ingress), judged.cilium.ingress],
    ['captured', authorization !== undefined, judged.istio !== undefined],
  ];
  if (authorization)
    places.push([
      'mesh',
      claimed(peerAuthentication, authorization),
      judged.istio,
    ]);
  return places
    .filter(([, said, is]) => said !== undefined && said !== is)
    .map(
      ([place, said, is]) =>
        `${from} -> ${to} ${port}/${protocol}: ${place} is ${is}, explained as ${said}`,
    );
}

/** A world with policies in which hardly a field is left out, and a pod on its node's network. */
function oddWorld(seed: number): World {
  const world = randomWorld(seed, { withForeign: true });
  const random = new Random(seed);
  const pods = world.pods.map(pod => ({
    ...pod,
    namedPorts: [
      {
        name: 'named',
        port: random.pick([80, 8080]),
        protocol: 'TCP' as const,
      },
    ],
  }));
  const onNode = { ...random.pick(pods), name: 'on-node', hostNetwork: true };
  const foreign = [...world.foreign, ...draftOddPolicies(world, random)];
  return { ...world, pods: [...pods, onNode], foreign };
}

interface Figures {
  questions: number;
  pairs: number;
  allowed: number;
  unknown: number;
  foreign: number;
  refused: number;
}

function compare(
  world: World,
  questions: readonly Question[],
  { verdicts, invalid }: JudgeAnswer,
  figures: Record<string, number> & Figures,
): string[] {
  const explanations = explainAll(world, questions);
  figures.questions += questions.length;
  figures.allowed += verdicts.filter(({ allowed }) => allowed).length;
  figures.foreign += world.foreign.length;
  figures.refused += invalid.length;
  const wrong = questions.flatMap((question, index) => {
    if (explanations[index].verdict === 'unknown') figures.unknown += 1;
    return differences(question, explanations[index], verdicts[index]).map(
      one => `seed ${world.seed}: ${one}`,
    );
  });
  const pairs = explainDeclaredPairs(
    world,
    explainWorldOf(world),
    questions,
    verdicts,
  );
  figures.pairs += pairs.asked;
  return [...refusals(world, invalid), ...wrong, ...pairs.faults];
}

/** What one side refuses and the other takes. */
function refusals(
  { seed, foreign }: World,
  invalid: JudgeAnswer['invalid'],
): string[] {
  const said = foreign.flatMap(object =>
    findCiliumRefusal(object)
      ? [
          [object.kind, object.metadata.namespace, object.metadata.name]
            .filter(Boolean)
            .join('/'),
        ]
      : [],
  );
  const is = invalid.map(({ object }) => object.replace(' ', '/'));
  return [
    ...said
      .filter(one => !is.includes(one))
      .map(one => `seed ${seed}: ${one} is taken, explained as refused`),
    ...invalid
      .filter(({ object }) => !said.includes(object.replace(' ', '/')))
      .map(
        one =>
          `seed ${seed}: ${one.object} is refused (${one.message}), explained as taken`,
      ),
  ];
}

const ROWS: [string, (seed: number) => World, number][] = [
  ['our policies alone', seed => randomWorld(seed), 0],
  ['policies of others', seed => randomWorld(seed, { withForeign: true }), 0],
  ['policies of every shape', oddWorld, 0.05],
];

describe('explanations before the real engines', () => {
  it.each(ROWS)(
    'agree about every pair and port with %s',
    async (what, makeWorld, unknownShare) => {
      const seeds = seedsOf(WORLDS);
      const faults: string[] = [];
      const figures = {
        worlds: WORLDS,
        questions: 0,
        pairs: 0,
        allowed: 0,
        unknown: 0,
        foreign: 0,
        refused: 0,
      };
      for (let start = 0; start < WORLDS; start += BATCH) {
        const worlds = seeds.slice(start, start + BATCH).map(makeWorld);
        const cases = worlds.map(world => ({
          world: judgedWorld(world, compileWorld(world)),
          questions: allQuestions(world),
        }));
        const answers = await judges.ask(cases);
        worlds.forEach((world, index) => {
          const { questions } = cases[index];
          faults.push(...compare(world, questions, answers[index], figures));
        });
      }
      report(`judged explanations with ${what}`, figures);
      expect(faults.slice(0, 40)).toEqual([]);
      expect(figures.unknown).toBeLessThanOrEqual(
        figures.questions * unknownShare,
      );
    },
  );
});
