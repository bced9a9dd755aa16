import {
  Condition,
  findCondition,
  KubernetesObject,
  MemberConditions,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { EventNote } from '../events/EventWriter';

const ACTION = 'Reconcile';
const RESOLVED = 'Resolved';
/** Conditions that are present only while something is amiss. */
const ABNORMAL: readonly string[] = [
  MemberConditions.ForeignPolicy,
  MemberConditions.Unsupported,
];
/** Ready repeats the others; only that it has come about is news. */
const SUMMARY: string = MemberConditions.Ready;

/** What people should hear of when the conditions of an object turn from one list to another. */
export function memberNotes(
  regarding: KubernetesObject,
  before: readonly Condition[],
  after: readonly Condition[],
): EventNote[] {
  return Object.values(MemberConditions).flatMap((type): EventNote[] => {
    const former = findCondition(before, type);
    const now = findCondition(after, type);
    if (isSame(former, now)) return [];
    if (type === SUMMARY)
      return now?.status === 'True' && former?.status !== 'True'
        ? [noteOf(regarding, 'Normal', now)]
        : [];
    if (now && isAmiss(now)) return [noteOf(regarding, 'Warning', now)];
    if (!former || !isAmiss(former)) return [];
    return [
      now
        ? noteOf(regarding, 'Normal', now)
        : noteOf(regarding, 'Normal', {
            reason: RESOLVED,
            message: `${type} does not hold any more.`,
          }),
    ];
  });
}

function isAmiss({ type, status }: Condition): boolean {
  return status === (ABNORMAL.includes(type) ? 'True' : 'False');
}

function isSame(a: Condition | undefined, b: Condition | undefined): boolean {
  return (
    a?.status === b?.status &&
    a?.reason === b?.reason &&
    a?.message === b?.message
  );
}

function noteOf(
  regarding: KubernetesObject,
  type: EventNote['type'],
  { reason, message }: Pick<Condition, 'reason' | 'message'>,
): EventNote {
  return { regarding, type, action: ACTION, reason, message };
}
