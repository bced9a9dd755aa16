import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { hasIntentChanged } from './hasIntentChanged';

function anObject(
  metadata: Record<string, unknown> = {},
  status?: unknown,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'x', uid: '1', generation: 1, ...metadata },
    status,
  };
}

describe('hasIntentChanged', () => {
  it.each([
    ['an addition', undefined, anObject(), true],
    ['a deletion', anObject(), undefined, true],
    [
      'our own status',
      anObject(),
      anObject({ resourceVersion: '2' }, 1),
      false,
    ],
    ['a new spec', anObject(), anObject({ generation: 2 }), true],
    ['a successor of the same name', anObject(), anObject({ uid: '2' }), true],
    [
      'a mark of deletion',
      anObject(),
      anObject({ deletionTimestamp: 't' }),
      true,
    ],
    ['a label', anObject(), anObject({ labels: { a: 'b' } }), true],
    ['an annotation', anObject(), anObject({ annotations: { a: 'b' } }), true],
    ['a finalizer', anObject(), anObject({ finalizers: ['a'] }), true],
  ])('tells for %s', (_name, before, after, expected) => {
    expect(hasIntentChanged({ before, after })).toBe(expected);
  });
});
