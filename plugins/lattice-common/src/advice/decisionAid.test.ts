import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ADVICE_TEXTS,
  adviseMechanism,
  ChoiceCosts,
  DECISION_QUESTIONS,
  DecisionAnswers,
  DecisionSignal,
} from './index';

function yes(...signals: DecisionSignal[]): DecisionAnswers {
  return {
    signals: Object.fromEntries(
      DECISION_QUESTIONS.map(({ signal }) => [
        signal,
        signals.includes(signal),
      ]),
    ),
  };
}

type Row = [
  sentence: string,
  answers: DecisionAnswers,
  recommendation: string,
  reasons: string[],
];

const ROWS: Row[] = [
  [
    'a database of one team is a package',
    { ...yes('SomebodyElsesLifecycle', 'OneTeam'), workload: 'third-party' },
    'Package',
    ['NothingSpecial'],
  ],
  [
    'a database of many teams is a package, and a candidate',
    { ...yes('SomebodyElsesLifecycle', 'ManyTeams'), workload: 'third-party' },
    'PackageForNow',
    ['CommonUpkeep'],
  ],
  [
    'batch work that many teams write deserves a kind',
    yes('OwnLifecycle', 'OwnScaling', 'OwnResourceTypes', 'ManyTeams'),
    'NewKind',
    ['CommonAndDifferent'],
  ],
  [
    'the same for one team does not',
    yes('OwnLifecycle', 'OwnScaling', 'OwnResourceTypes', 'OneTeam'),
    'Package',
    ['NotCommonEnough'],
  ],
  [
    'nor where each team deploys it differently',
    yes('OwnLifecycle', 'ManyTeams', 'DoesNotGeneralise'),
    'Package',
    ['NotCommonEnough'],
  ],
  [
    'an edge case does not generalise, by its name',
    { workload: 'edge-case', signals: { ManyTeams: true } },
    'Package',
    ['NothingSpecial'],
  ],
  [
    'contradicting answers decide nothing',
    yes('ManyTeams', 'OneTeam'),
    'Undecided',
    ['TeamsContradict'],
  ],
  ['no answers decide nothing', {}, 'Undecided', ['NotEnoughAnswers']],
];

/** Every way to answer all seven questions. */
const EVERY_ANSWER: DecisionSignal[][] = DECISION_QUESTIONS.reduce<
  DecisionSignal[][]
>((sets, { signal }) => [...sets, ...sets.map(set => [...set, signal])], [[]]);

const TOWARDS_KIND = ['Package', 'PackageForNow', 'NewKind'];

describe('the decision aid', () => {
  it('item 1: asks for four signals of a kind and three of a package', () => {
    const count = (side: string) =>
      DECISION_QUESTIONS.filter(({ speaksFor }) => speaksFor === side).length;
    expect([count('newKind'), count('package')]).toEqual([4, 3]);
  });

  it.each(ROWS)('item 1: %s', (_, answers, recommendation, reasons) => {
    expect(adviseMechanism(answers)).toMatchObject({ recommendation, reasons });
  });

  it('item 1: every signal moves the advice to its own side, or leaves it', () => {
    const rank = (signals: DecisionSignal[]) =>
      TOWARDS_KIND.indexOf(adviseMechanism(yes(...signals)).recommendation);
    const moves = EVERY_ANSWER.flatMap(answer =>
      DECISION_QUESTIONS.map(({ signal, speaksFor }) => ({
        before: rank(answer.filter(one => one !== signal)),
        after: rank([...new Set([...answer, signal])]),
        side: speaksFor === 'newKind' ? 1 : -1,
      })),
    ).filter(({ before, after }) => before >= 0 && after >= 0);
    expect(moves.length).toBeGreaterThan(500);
    expect(
      moves.filter(
        ({ before, after, side }) => Math.sign(after - before) === -side,
      ),
    ).toEqual([]);
  });

  it('item 2: says what each wrong choice costs, whatever it recommends', () => {
    for (const answer of EVERY_ANSWER) {
      const { costs, reasons, recommendation } = adviseMechanism(
        yes(...answer),
      );
      expect(costs).toEqual(['NeedlessKind', 'NeedlessPackage']);
      for (const key of [...costs, ...reasons, recommendation]) {
        expect(ADVICE_TEXTS[key]).toMatch(/^[A-Z].+\.$/);
      }
    }
  });

  it('item 2: tells which questions are open, before anything is chosen', () => {
    const { recommendation, open } = adviseMechanism({
      workload: 'third-party',
      signals: { ManyTeams: false },
    });
    expect(recommendation).toBe('Package');
    expect(open).toEqual([
      'OwnLifecycle',
      'OwnScaling',
      'OwnResourceTypes',
      'OneTeam',
      'DoesNotGeneralise',
    ]);
  });

  it.each([
    ['service', ['LatticeService'], 'ExistingKind'],
    ['job', ['LatticeJob'], 'ExistingKind'],
    ['model', ['LatticeModel'], 'ExistingKind'],
    ['third-party', ['LatticePackage', 'LatticeMeshMember'], 'Package'],
    ['infrastructure', ['LatticePackage', 'LatticeMeshMember'], 'Package'],
    ['edge-case', ['LatticePackage', 'LatticeMeshMember'], 'Package'],
  ] as const)('item 3: directs a %s to %j', (workload, kinds, expected) => {
    const advice = adviseMechanism({ workload });
    expect(advice.kinds).toEqual(kinds);
    expect(advice.recommendation).toBe(expected);
  });

  it('item 2: asks and warns on its page as it does in the portal', () => {
    const page = readFileSync(
      join(__dirname, '../../../../docs/how-to/choose-package-or-service.md'),
      'utf8',
    ).replace(/\s+/g, ' ');
    for (const { text } of DECISION_QUESTIONS) {
      expect(page).toContain(text);
    }
    for (const cost of Object.values(ChoiceCosts)) {
      expect(page).toContain(ADVICE_TEXTS[cost]);
    }
  });
});
