import {
  DECISION_QUESTIONS,
  DecisionSignal,
  DecisionSignals,
  WantedWorkload,
  WantedWorkloads,
} from './decisionQuestions';

/** What the decision aid recommends. */
export const Recommendations = {
  /** One of the platform's own kinds does it. */
  ExistingKind: 'ExistingKind',
  /** LatticePackage and LatticeMeshMember. */
  Package: 'Package',
  /** The same for now; it deserves a kind of its own. */
  PackageForNow: 'PackageForNow',
  /** A kind of its own. */
  NewKind: 'NewKind',
  /** The answers do not say enough, or contradict each other. */
  Undecided: 'Undecided',
} as const;

/** What the decision aid recommends. */
export type Recommendation =
  (typeof Recommendations)[keyof typeof Recommendations];

/** Why something is recommended, besides the signals themselves. */
export const AdviceReasons = {
  HasOwnKind: 'HasOwnKind',
  CommonAndDifferent: 'CommonAndDifferent',
  CommonUpkeep: 'CommonUpkeep',
  NotCommonEnough: 'NotCommonEnough',
  NothingSpecial: 'NothingSpecial',
  TeamsContradict: 'TeamsContradict',
  NotEnoughAnswers: 'NotEnoughAnswers',
} as const;

/** Why something is recommended. */
export type AdviceReason = (typeof AdviceReasons)[keyof typeof AdviceReasons];

/** What a wrong choice costs. */
export const ChoiceCosts = {
  NeedlessKind: 'NeedlessKind',
  NeedlessPackage: 'NeedlessPackage',
} as const;

/** What a wrong choice costs. */
export type ChoiceCost = (typeof ChoiceCosts)[keyof typeof ChoiceCosts];

/** English texts; a portal may bring others for the same keys. */
export const ADVICE_TEXTS: Readonly<
  Record<AdviceReason | ChoiceCost | Recommendation, string>
> = {
  ExistingKind: 'Use the kind that the platform has for it.',
  Package: 'Use a LatticePackage with a LatticeMeshMember.',
  PackageForNow:
    'Use a LatticePackage with a LatticeMeshMember for now, and talk to the platform team about a kind of its own.',
  NewKind: 'Ask the platform team for a kind of its own.',
  Undecided: 'Answer the open questions first.',
  HasOwnKind:
    'The platform derives policies, secrets, quotas and observability from its own kinds; a package gets only some of them.',
  CommonAndDifferent:
    'Many teams need it, and it behaves differently from what the platform has.',
  CommonUpkeep:
    'Many teams would each keep a mesh member in step with the chart, on every cluster.',
  NotCommonEnough:
    'It behaves differently, but too few need it to pay for a kind that must be maintained.',
  NothingSpecial: 'Nothing about it asks for a kind of its own.',
  TeamsContradict:
    'It cannot be that many teams need it and only one does: answer one of the two differently.',
  NotEnoughAnswers: 'Nothing has been answered yet.',
  NeedlessKind:
    'A kind that only one team uses is a compiler that nobody needs and somebody maintains.',
  NeedlessPackage:
    'A package that every team needs costs each of them the guarantees that the platform derives for its own kinds.',
};

/** What is known so far. A question that is left out is open. */
export interface DecisionAnswers {
  readonly workload?: WantedWorkload;
  readonly signals?: Readonly<Partial<Record<DecisionSignal, boolean>>>;
}

/** A recommendation and what stands behind it. */
export interface Advice {
  readonly recommendation: Recommendation;
  /** Kinds of the objects to write. Empty when there are none yet. */
  readonly kinds: readonly string[];
  readonly reasons: readonly AdviceReason[];
  /** DecisionSignals that were answered with yes. */
  readonly signals: readonly DecisionSignal[];
  /** Questions that are still open. */
  readonly open: readonly DecisionSignal[];
  /** What choosing wrongly costs, either way. */
  readonly costs: readonly ChoiceCost[];
}

const OWN_KINDS: Readonly<Partial<Record<WantedWorkload, string>>> = {
  [WantedWorkloads.Service]: 'LatticeService',
  [WantedWorkloads.Job]: 'LatticeJob',
  [WantedWorkloads.Model]: 'LatticeModel',
};

const PACKAGE_KINDS = ['LatticePackage', 'LatticeMeshMember'];

type Verdict = Pick<Advice, 'recommendation' | 'reasons'>;

function verdict(
  recommendation: Recommendation,
  ...reasons: AdviceReason[]
): Verdict {
  return { recommendation, reasons };
}

function weigh(said: ReadonlySet<DecisionSignal>): Verdict {
  if (
    said.has(DecisionSignals.ManyTeams) &&
    said.has(DecisionSignals.OneTeam)
  ) {
    return verdict(Recommendations.Undecided, AdviceReasons.TeamsContradict);
  }
  const isDifferent =
    said.has(DecisionSignals.OwnLifecycle) ||
    said.has(DecisionSignals.OwnScaling) ||
    said.has(DecisionSignals.OwnResourceTypes);
  const isCommon =
    said.has(DecisionSignals.ManyTeams) &&
    !said.has(DecisionSignals.DoesNotGeneralise);
  if (!isCommon) {
    return verdict(
      Recommendations.Package,
      isDifferent
        ? AdviceReasons.NotCommonEnough
        : AdviceReasons.NothingSpecial,
    );
  }
  if (said.has(DecisionSignals.SomebodyElsesLifecycle) || !isDifferent) {
    return verdict(Recommendations.PackageForNow, AdviceReasons.CommonUpkeep);
  }
  return verdict(Recommendations.NewKind, AdviceReasons.CommonAndDifferent);
}

function decide(
  ownKind: string | undefined,
  answered: number,
  said: ReadonlySet<DecisionSignal>,
): Verdict {
  if (ownKind) {
    return verdict(Recommendations.ExistingKind, AdviceReasons.HasOwnKind);
  }
  return answered === 0
    ? verdict(Recommendations.Undecided, AdviceReasons.NotEnoughAnswers)
    : weigh(said);
}

/** What a workload says about the signals before anybody is asked. */
const IMPLIED: Readonly<
  Partial<Record<WantedWorkload, readonly DecisionSignal[]>>
> = {
  [WantedWorkloads.ThirdParty]: [DecisionSignals.SomebodyElsesLifecycle],
  [WantedWorkloads.Infrastructure]: [DecisionSignals.SomebodyElsesLifecycle],
  [WantedWorkloads.EdgeCase]: [DecisionSignals.DoesNotGeneralise],
};

/** Recommends a kind or a package from what has been answered. Asked before any mechanism is chosen. */
export function adviseMechanism(answers: DecisionAnswers): Advice {
  const { workload, signals = {} } = answers;
  const implied = (workload && IMPLIED[workload]) ?? [];
  const questions = DECISION_QUESTIONS.map(({ signal }) => signal);
  const said = questions.filter(
    signal => signals[signal] ?? implied.includes(signal),
  );
  const open = questions.filter(
    signal => signals[signal] === undefined && !implied.includes(signal),
  );
  const ownKind = workload && OWN_KINDS[workload];
  const answered = questions.length - open.length;
  const { recommendation, reasons } = decide(ownKind, answered, new Set(said));
  const isPackage =
    recommendation === Recommendations.Package ||
    recommendation === Recommendations.PackageForNow;
  return {
    recommendation,
    reasons,
    kinds: ownKind ? [ownKind] : [...(isPackage ? PACKAGE_KINDS : [])],
    signals: said,
    open: ownKind ? [] : open,
    costs: [ChoiceCosts.NeedlessKind, ChoiceCosts.NeedlessPackage],
  };
}
