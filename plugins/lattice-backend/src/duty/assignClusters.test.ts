import fc from 'fast-check';
import { assignClusters } from './assignClusters';

const names = (prefix: string, maxLength: number) =>
  fc
    .uniqueArray(fc.uuid(), { minLength: 1, maxLength })
    .map(ids => ids.map(id => `${prefix}-${id}`));

function all(clusters: readonly string[], replicas: readonly string[]) {
  return new Map(clusters.map(cluster => [cluster, replicas]));
}

function loadsOf(assigned: ReadonlyMap<string, string>, replicas: string[]) {
  return replicas.map(
    replica => [...assigned.values()].filter(it => it === replica).length,
  );
}

/** Clusters whose replica differs though the old one is still there. */
function needlessMoves(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  alive: readonly string[],
): number {
  return [...before].filter(
    ([cluster, replica]) =>
      alive.includes(replica) && after.get(cluster) !== replica,
  ).length;
}

describe('assignClusters', () => {
  it('gives every cluster to one replica, and no replica more than one above another', () => {
    fc.assert(
      fc.property(names('c', 40), names('r', 8), (clusters, replicas) => {
        const assigned = assignClusters(all(clusters, replicas));
        expect([...assigned.keys()].sort()).toEqual([...clusters].sort());
        const loads = loadsOf(assigned, replicas);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('answers the same whatever the order in which clusters and replicas are named', () => {
    fc.assert(
      fc.property(
        names('c', 20).chain(ids =>
          fc.tuple(
            fc.constant(ids),
            fc.shuffledSubarray(ids, { minLength: ids.length }),
          ),
        ),
        names('r', 6).chain(ids =>
          fc.tuple(
            fc.constant(ids),
            fc.shuffledSubarray(ids, { minLength: ids.length }),
          ),
        ),
        ([clusters, mixedClusters], [replicas, mixedReplicas]) => {
          const one = assignClusters(all(clusters, replicas));
          const other = assignClusters(all(mixedClusters, mixedReplicas));
          expect([...other].sort()).toEqual([...one].sort());
        },
      ),
    );
  });

  it('assigns each cluster to a replica that can act on it, also when not all can reach all', () => {
    const world = fc.dictionary(
      fc.uuid(),
      fc.subarray(['r1', 'r2', 'r3', 'r4']),
      { maxKeys: 20 },
    );
    fc.assert(
      fc.property(world, reachable => {
        const assigned = assignClusters(new Map(Object.entries(reachable)));
        for (const [cluster, replicas] of Object.entries(reachable)) {
          const replica = assigned.get(cluster);
          expect(replica === undefined).toBe(replicas.length === 0);
          expect(replicas).toEqual(
            expect.arrayContaining(replica ? [replica] : []),
          );
        }
      }),
    );
  });

  it('moves few clusters between replicas that stay when one leaves', () => {
    let moves = 0;
    let kept = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uuid(), { minLength: 30, maxLength: 50 }),
        fc.uniqueArray(fc.uuid(), { minLength: 3, maxLength: 5 }),
        (clusters, [gone, ...alive]) => {
          const before = assignClusters(all(clusters, [gone, ...alive]));
          const after = assignClusters(all(clusters, alive));
          moves += needlessMoves(before, after, alive);
          kept += [...before.values()].filter(it => it !== gone).length;
        },
      ),
      { seed: 1, numRuns: 100 },
    );
    // Without the weights, nearly two thirds would move.
    expect(moves / kept).toBeLessThan(0.2);
  });
});
