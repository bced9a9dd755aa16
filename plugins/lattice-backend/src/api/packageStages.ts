import {
  Condition,
  LatticePackage,
  PackageReasons,
  PackageStage,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Stages in the order in which the controller walks them; each is reported by the condition of its name. */
const STAGES: readonly PackageStage['name'][] = [
  'Validated',
  'Authorized',
  'SecretsResolved',
  'DependenciesReady',
  'Released',
  'Healthy',
  'MeshEnrolled',
];

/** A condition that stops a stage that has no condition of its own yet. */
const STOPPED_BY: Partial<
  Record<PackageStage['name'], { type: string; reasons?: readonly string[] }>
> = {
  Validated: { type: 'Stalled', reasons: ['InvalidSpec'] },
  Released: { type: 'ChartAvailable' },
};

/** Reasons of a failed condition that pass by themselves: the stage is being worked on. */
const WAITING: readonly string[] = [
  PackageReasons.DependencyNotReady,
  PackageReasons.ExternalSecretNotReady,
  PackageReasons.Progressing,
];

/**
 * How far the controller has come with a package. A stage is done or failed as its condition says; the first
 * stage without an answer is the one being worked on, the rest wait.
 */
export function packageStages(pkg: LatticePackage): PackageStage[] {
  const conditions = new Map(
    pkg.status.conditions.map(condition => [condition.type, condition]),
  );
  let isReached = true;
  return STAGES.map(name => {
    const stage = stageOf(name, conditions, isReached);
    isReached = isReached && stage.state === 'done';
    return stage;
  });
}

function stageOf(
  name: PackageStage['name'],
  conditions: ReadonlyMap<string, Condition>,
  isReached: boolean,
): PackageStage {
  const condition = stoppingCondition(name, conditions) ?? conditions.get(name);
  if (condition && condition.status !== 'Unknown') {
    return {
      name,
      state: decidedState(condition),
      reason: condition.reason,
      message: condition.message,
      since: condition.lastTransitionTime,
    };
  }
  if (name === 'Validated' && conditions.size > 0) {
    return { name, state: 'done' };
  }
  return {
    name,
    state: isReached ? 'active' : 'pending',
    ...(condition && {
      reason: condition.reason,
      message: condition.message,
      since: condition.lastTransitionTime,
    }),
  };
}

function decidedState({ status, reason }: Condition): PackageStage['state'] {
  if (status === 'True') {
    return 'done';
  }
  return WAITING.includes(reason) ? 'active' : 'failed';
}

/** What stops the stage, as a failed condition. */
function stoppingCondition(
  name: PackageStage['name'],
  conditions: ReadonlyMap<string, Condition>,
): Condition | undefined {
  const stop = STOPPED_BY[name];
  const condition = stop && conditions.get(stop.type);
  if (!stop || !condition) {
    return undefined;
  }
  const isStopped = stop.reasons
    ? condition.status === 'True' && stop.reasons.includes(condition.reason)
    : condition.status === 'False';
  return isStopped ? { ...condition, status: 'False' } : undefined;
}
