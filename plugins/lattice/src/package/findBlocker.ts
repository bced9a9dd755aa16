import {
  PackageDetail,
  PackageStage,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** What holds a package up, root cause first. */
export interface Blocker {
  readonly kind: 'failed' | 'waiting' | 'noMember';
  readonly stage: PackageStage;
  /** What else is not done because of it, in the order of the stages. */
  readonly others: readonly PackageStage[];
}

/**
 * The first stage that failed, else the first under way.
 *
 * @remarks
 * Stages are walked in order, so the first one that is not done is the cause of all later ones. A package without a
 * member is Ready all the same; that is told apart.
 */
export function findBlocker(
  detail: Pick<PackageDetail, 'stages' | 'phase'>,
): Blocker | undefined {
  const unfinished = detail.stages.filter(
    ({ state }) => state === 'failed' || state === 'active',
  );
  const install = unfinished.filter(({ name }) => name !== 'MeshEnrolled');
  const stage = install.find(({ state }) => state === 'failed') ?? install[0];
  if (stage) {
    return {
      kind: stage.state === 'failed' ? 'failed' : 'waiting',
      stage,
      others: unfinished.filter(other => other !== stage),
    };
  }
  const enrolment = unfinished.find(({ state }) => state === 'failed');
  return enrolment && { kind: 'noMember', stage: enrolment, others: [] };
}
