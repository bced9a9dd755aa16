import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import fc from 'fast-check';
import { FakeCache } from './FakeCache';
import { KINDS } from './kinds';
import { ObjectIndex } from './ObjectIndex';

const LABELS = ['red', 'green', 'blue'];

const aChange = fc.record({
  isGone: fc.boolean(),
  name: fc.constantFrom('x', 'y', 'z'),
  labels: fc.subarray(LABELS),
});

function labelsOf(object: KubernetesObject): string[] {
  return Object.keys(object.metadata.labels ?? {});
}

function anObject(name: string, labels: string[]): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'data',
      labels: Object.fromEntries(labels.map(label => [label, ''])),
    },
  };
}

const names = (objects: KubernetesObject[]) =>
  objects.map(({ metadata }) => metadata.name).sort();

describe('ObjectIndex', () => {
  it('finds what a search through the whole cache would find, after any changes', () => {
    fc.assert(
      fc.property(fc.array(aChange), fc.nat(), (changes, startsAfter) => {
        const cache = new FakeCache(KINDS.Pod);
        let index: ObjectIndex | undefined;
        changes.forEach(({ isGone, name, labels }, at) => {
          if (at === startsAfter) {
            index = new ObjectIndex(cache, labelsOf);
          }
          if (isGone) {
            cache.remove({ namespace: 'data', name });
          } else {
            cache.put(anObject(name, labels));
          }
        });
        index ??= new ObjectIndex(cache, labelsOf);
        for (const label of LABELS) {
          expect(names(index.list(label))).toEqual(
            names(cache.list().filter(it => labelsOf(it).includes(label))),
          );
        }
      }),
    );
  });

  it('hears of nothing once it is stopped', () => {
    const cache = new FakeCache(KINDS.Pod);
    const index = new ObjectIndex(cache, labelsOf);
    index.stop();
    cache.put(anObject('x', ['red']));
    expect(index.list('red')).toEqual([]);
    expect(cache.listenerCount).toBe(0);
  });
});
