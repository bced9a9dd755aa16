import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import fc from 'fast-check';
import { ObjectStore, storeKey } from './ObjectStore';

const anObject = fc
  .record({
    namespace: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom('x', 'y', 'z'),
    uid: fc.constantFrom('1', '2'),
    resourceVersion: fc.constantFrom('10', '11', '12'),
  })
  .map(
    (metadata): KubernetesObject => ({ apiVersion: 'v1', kind: 'X', metadata }),
  );

const aSet = fc.uniqueArray(anObject, {
  selector: ({ metadata }) => storeKey(metadata),
});

function contents(store: ObjectStore): Map<string, KubernetesObject> {
  return new Map(
    store.list().map(object => [storeKey(object.metadata), object]),
  );
}

describe('ObjectStore', () => {
  it('tells with a swap exactly what leads from the old content to the new', () => {
    fc.assert(
      fc.property(aSet, aSet, (before, after) => {
        const store = new ObjectStore();
        store.swap(before);
        const replayed = contents(store);
        for (const change of store.swap(after)) {
          const object = (change.after ?? change.before)!;
          const key = storeKey(object.metadata);
          expect(replayed.get(key)).toBe(change.before);
          if (change.after) {
            replayed.set(key, change.after);
          } else {
            replayed.delete(key);
          }
        }
        expect(replayed).toEqual(contents(store));
        expect(store.swap(after)).toEqual([]);
      }),
    );
  });

  it('agrees with a plain map after any puts and removals, also by namespace', () => {
    const operation = fc.tuple(fc.boolean(), anObject);
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), operations => {
        const store = new ObjectStore();
        const model = new Map<string, KubernetesObject>();
        for (const [isPut, object] of operations) {
          const key = storeKey(object.metadata);
          if (isPut) {
            store.put(object);
            model.set(key, object);
          } else {
            store.remove(object.metadata);
            model.delete(key);
          }
        }
        expect(contents(store)).toEqual(model);
        for (const namespace of ['a', 'b', 'c']) {
          expect(
            store
              .list(namespace)
              .map(o => o.metadata.name)
              .sort(),
          ).toEqual(
            [...model.values()]
              .filter(({ metadata }) => metadata.namespace === namespace)
              .map(({ metadata }) => metadata.name)
              .sort(),
          );
        }
      }),
    );
  });
});
