import { Condition } from './api/object';
import {
  derivePhase,
  findCondition,
  MAX_CONDITION_MESSAGE,
  removeCondition,
  setCondition,
} from './conditions';

const then = new Date('2026-01-01T00:00:00.123Z');
const later = new Date('2026-01-01T01:00:00Z');

function aCondition(text: string): Condition {
  const [type, status, reason = ''] = text.split(' ');
  return {
    type,
    status: status as Condition['status'],
    reason,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
}

describe('setCondition', () => {
  const next = {
    type: 'Ready',
    status: 'True',
    reason: 'a',
    message: 'm',
  } as const;

  it('moves the time only when the status changes', () => {
    const first = setCondition([], next, then);
    expect(first[0].lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    const again = setCondition(first, { ...next, reason: 'b' }, later);
    expect(again[0]).toMatchObject({
      reason: 'b',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const changed = setCondition(again, { ...next, status: 'False' }, later);
    expect(changed[0].lastTransitionTime).toBe('2026-01-01T01:00:00Z');
  });

  it('keeps the order, so that an unchanged status stays equal', () => {
    const list = ['A True', 'Ready True a', 'B True'].map(aCondition);
    const same = setCondition(list, { ...next, message: '' }, later);
    expect(same).toEqual(list);
  });

  it('cuts messages to what a status should hold', () => {
    const [one] = setCondition(
      [],
      { ...next, message: 'x'.repeat(5000) },
      then,
    );
    expect(one.message).toHaveLength(MAX_CONDITION_MESSAGE);
  });

  it('takes a condition away', () => {
    const list = removeCondition([aCondition('Stalled True')], 'Stalled');
    expect(findCondition(list, 'Stalled')).toBeUndefined();
  });
});

describe('derivePhase', () => {
  it.each([
    ['nothing seen yet', [], false, 'Pending'],
    ['being deleted, whatever else', ['Ready True'], true, 'Deleting'],
    ['ready', ['Ready True Succeeded', 'Drifted True'], false, 'Ready'],
    ['stalled', ['Ready False AccessDenied', 'Stalled True'], false, 'Failed'],
    ['on the way', ['Authorized True'], false, 'Progressing'],
    [
      'reconciling',
      ['Ready False X', 'Reconciling True'],
      false,
      'Progressing',
    ],
    ['ready unknown', ['Ready Unknown Progressing'], false, 'Progressing'],
    [
      'waiting for a dependency',
      ['Ready False DependencyNotReady'],
      false,
      'Pending',
    ],
    [
      'waiting for a secret',
      ['Ready False ExternalSecretNotReady'],
      false,
      'Pending',
    ],
    [
      'released but unhealthy',
      ['Ready False Degraded', 'Released True', 'Healthy False'],
      false,
      'Degraded',
    ],
    [
      'failed',
      ['Ready False InstallFailed', 'Released False'],
      false,
      'Failed',
    ],
    [
      'no member does not lower ready',
      ['Ready True', 'MeshEnrolled False NoMember'],
      false,
      'Ready',
    ],
  ] as const)('%s', (_, conditions, deleting, phase) => {
    expect(derivePhase(conditions.map(aCondition), deleting)).toBe(phase);
  });
});
