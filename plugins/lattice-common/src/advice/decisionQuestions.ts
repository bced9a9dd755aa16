/** What somebody wants to run. Three of them have a kind of their own on the platform. */
export const WantedWorkloads = {
  Service: 'service',
  Job: 'job',
  Model: 'model',
  ThirdParty: 'third-party',
  Infrastructure: 'infrastructure',
  EdgeCase: 'edge-case',
} as const;

/** What somebody wants to run. */
export type WantedWorkload =
  (typeof WantedWorkloads)[keyof typeof WantedWorkloads];

/** DecisionSignals for or against a kind of its own. Each is asked as a question that is answered with yes or no. */
export const DecisionSignals = {
  OwnLifecycle: 'OwnLifecycle',
  OwnScaling: 'OwnScaling',
  OwnResourceTypes: 'OwnResourceTypes',
  ManyTeams: 'ManyTeams',
  SomebodyElsesLifecycle: 'SomebodyElsesLifecycle',
  OneTeam: 'OneTeam',
  DoesNotGeneralise: 'DoesNotGeneralise',
} as const;

/** A signal for or against a kind of its own. */
export type DecisionSignal =
  (typeof DecisionSignals)[keyof typeof DecisionSignals];

/** One question of the decision aid. */
export interface DecisionQuestion {
  readonly signal: DecisionSignal;
  /** What a yes speaks for. */
  readonly speaksFor: 'newKind' | 'package';
  readonly text: string;
}

/** The questions, in the order in which they are asked. */
export const DECISION_QUESTIONS: readonly DecisionQuestion[] = [
  {
    signal: DecisionSignals.OwnLifecycle,
    speaksFor: 'newKind',
    text: 'Does it live differently from a service, such as work that ends?',
  },
  {
    signal: DecisionSignals.OwnScaling,
    speaksFor: 'newKind',
    text: 'Does it scale differently, such as all parts at once or none?',
  },
  {
    signal: DecisionSignals.OwnResourceTypes,
    speaksFor: 'newKind',
    text: 'Does it need other resource types than a Deployment and what belongs to it?',
  },
  {
    signal: DecisionSignals.ManyTeams,
    speaksFor: 'newKind',
    text: 'Do many teams need it in the same form?',
  },
  {
    signal: DecisionSignals.SomebodyElsesLifecycle,
    speaksFor: 'package',
    text: 'Does somebody else make it, with releases and a lifecycle of its own?',
  },
  {
    signal: DecisionSignals.OneTeam,
    speaksFor: 'package',
    text: 'Does only one team need it?',
  },
  {
    signal: DecisionSignals.DoesNotGeneralise,
    speaksFor: 'package',
    text: 'Is the way it is deployed special to this team?',
  },
];
