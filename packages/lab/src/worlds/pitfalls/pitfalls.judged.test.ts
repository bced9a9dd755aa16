import {
  formatKey,
  KubernetesObject,
  openPorts,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgeAnswer, Judges, startJudges } from '../../judges';
import { agree, isPodOf } from '../agreement';
import { allQuestions } from '../allQuestions';
import { Cluster } from '../Cluster';
import { compileWorld, judgedWorld } from '../compileWorld';
import { Fault, findFaults, formatFault, lintAll } from '../findFaults';
import { Random } from '../Random';
import { report } from '../runSettings';
import { podId } from '../types';
import { applyMutation, applyUpdate, Outcome } from './applyMutation';
import { NaiveClaim, NaiveUpdate } from './Pitfall';
import { PITFALLS } from './pitfalls';
import { showcase } from './showcase';

jest.setTimeout(120_000);

const JUDGED_KINDS = [
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
];

const mutations = PITFALLS.flatMap(({ id, mutations: list = [] }) =>
  list.map(mutation => ({ id, ...mutation, mutation })),
);
const updates = PITFALLS.flatMap(({ id, updates: list = [] }) =>
  list.map(update => ({ id, ...update, naive: update })),
);
const claims = PITFALLS.flatMap(({ id, claims: list = [] }) =>
  list.map(claim => ({ id, ...claim })),
);

const world = showcase();
let judges: Judges;
const judged = new Map<object, Fault[]>();
let compiledAnswer: JudgeAnswer;

/** What a careful controller makes of the same edit. */
function applyCarefully(naive: NaiveUpdate): Outcome {
  const after = naive.edit(world);
  const cluster = new Cluster(compileWorld(world));
  const meanwhile = naive.meanwhile?.(after) ?? after;
  cluster.settle(meanwhile, new Random(1), world.declared);
  return { world: after, meant: after, policies: cluster.policies() };
}

const carefully = new Map(
  updates.map(({ naive }) => [naive, applyCarefully(naive)]),
);

/** All outcomes are judged in one go: each process of a judge starts but once. */
beforeAll(async () => {
  judges = await startJudges();
  const outcomes: [object, Outcome][] = [
    [world, { world, meant: world, policies: compileWorld(world) }],
    ...mutations.map(({ mutation }): [object, Outcome] => [
      mutation,
      applyMutation(mutation, world),
    ]),
    ...updates.map(({ naive }): [object, Outcome] => [
      naive,
      applyUpdate(naive, world),
    ]),
    ...[...carefully.values()].map((outcome): [object, Outcome] => [
      outcome,
      outcome,
    ]),
  ];
  const cases = outcomes.map(([, outcome]) => ({
    world: judgedWorld(outcome.world, outcome.policies.filter(isJudged)),
    questions: questionsAbout(outcome),
  }));
  const answers = await judges.ask(cases);
  compiledAnswer = answers[0];
  outcomes.forEach(([of, { meant, policies }], index) =>
    judged.set(of, [
      ...lintAll(policies),
      ...findFaults(meant, cases[index].questions, answers[index]).faults,
    ]),
  );
  report('judged pitfalls', {
    outcomes: outcomes.length,
    questions: cases.reduce((sum, { questions }) => sum + questions.length, 0),
  });
}, 1_800_000);
afterAll(() => judges.close());

/** Also about the ports that only the changed world knows. */
function questionsAbout({ meant }: Outcome) {
  const declared = [...world.declared, ...meant.declared];
  return allQuestions({ ...world, declared });
}

function isJudged({ kind }: KubernetesObject): boolean {
  return JUDGED_KINDS.includes(kind);
}

function kindsOf(of: object): string[] {
  return [...new Set(judged.get(of)?.map(({ kind }) => kind))].sort();
}

const openClaim: NaiveClaim['isOpen'] = (caller, callee, profile) =>
  openPorts(caller, callee, profile).length > 0;

describe('pitfalls before the real engines', () => {
  it('catches nothing in what the compiler makes', () => {
    expect(judged.get(world)?.map(formatFault)).toEqual([]);
  });

  it('leaves open what its rows say, and nothing else', () => {
    const open = PITFALLS.filter(row => row.open).map(({ id }) => id);
    expect(open).toEqual(['P24', 'P36']);
  });

  it.each(mutations)('$id is caught: $way', ({ mutation, caughtAs }) => {
    expect(kindsOf(mutation)).toEqual(expect.arrayContaining([...caughtAs]));
  });

  it.each(updates)('$id is caught: $way', ({ naive, caughtAs }) => {
    expect(kindsOf(naive)).toEqual(expect.arrayContaining([...caughtAs]));
  });

  it.each(updates)('$id: planned writes do it right', ({ naive }) => {
    expect(judged.get(carefully.get(naive)!)?.map(formatFault)).toEqual([]);
  });

  it.each(claims)('$id is caught: $way', ({ isOpen }) => {
    expect(wrongClaims({ isOpen: openClaim })).toEqual([]);
    expect(wrongClaims({ isOpen })).not.toEqual([]);
  });
});

/** Agreements that are said to be open and of which the engines let nothing pass, or the other way round. */
function wrongClaims({ isOpen }: Pick<NaiveClaim, 'isOpen'>): string[] {
  const questions = allQuestions(world);
  const { declared, pods, profile } = world;
  const idsOf = (member: (typeof declared)[number]) =>
    pods.filter(pod => isPodOf(member, pod)).map(podId);
  return declared.flatMap(caller =>
    declared
      .filter(callee => callee !== caller && agree(caller, callee))
      .filter(callee => {
        const isPassed = questions.some(
          ({ from, to }, index) =>
            idsOf(caller).includes(from) &&
            idsOf(callee).includes(to) &&
            compiledAnswer.verdicts[index].allowed,
        );
        return isOpen(caller, callee, profile) !== isPassed;
      })
      .map(
        callee =>
          `${formatKey(caller.metadata)} -> ${formatKey(callee.metadata)}`,
      ),
  );
}
