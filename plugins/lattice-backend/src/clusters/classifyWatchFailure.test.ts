import { classifyWatchFailure } from './classifyWatchFailure';
import { ClusterError } from './ClusterError';
import { ClusterErrorReason } from './types';

function aFailure(verb: string, reason: ClusterErrorReason) {
  return classifyWatchFailure(
    new ClusterError({
      cluster: 'one',
      verb,
      kind: 'Pod',
      reason,
      explanation: 'why',
      retryAfterMs: 7,
    }),
  );
}

describe('classifyWatchFailure', () => {
  it.each([
    ['watch', 'Gone', true, 'atOnce'],
    ['list', 'Gone', false, 'atOnce'],
    ['list', 'NotFound', true, 'slowly'],
    ['watch', 'NotFound', true, 'slowly'],
    ['watch', 'Unreachable', false, 'later'],
    ['watch', 'ServerError', true, 'later'],
    ['watch', 'Invalid', true, 'later'],
    ['watch', 'Forbidden', false, 'later'],
    ['watch', 'Throttled', false, 'later'],
  ] as const)(
    'after %s: %s, loses track: %s, tries again: %s',
    (verb, reason, losesTrack, retry) => {
      expect(aFailure(verb, reason)).toEqual({
        losesTrack,
        retry,
        retryAfterMs: 7,
        explanation: `cluster one: ${verb} Pod: why`,
      });
    },
  );

  it('takes anything else for a passing trouble', () => {
    expect(classifyWatchFailure(new Error('x'))).toEqual({
      losesTrack: false,
      retry: 'later',
      retryAfterMs: 0,
      explanation: 'x',
    });
  });
});
