import {
  AgreementGraph,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import fc from 'fast-check';
import { FakeCache } from '../clusters/FakeCache';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection, ResourceKind } from '../clusters/types';
import { FleetReader } from './FleetReader';
import { aCluster, someClusters } from './testing/aCluster';
import { aMember, aService } from './testing/objects';

const NAMES = ['a', 'b', 'c', 'd'];
const aName = fc.constantFrom(...NAMES);
const peers = fc.uniqueArray(fc.oneof(aName, fc.constantFrom('*', 'other/x')), {
  maxLength: 3,
});
const aStep = fc.record({
  kind: fc.constantFrom(
    'LatticeMeshMember' as const,
    'LatticeService' as const,
  ),
  op: fc.constantFrom('declare', 'declare', 'spoil', 'remove', 'ask'),
  name: aName,
  dependencies: peers,
  allowedCallers: peers,
});
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

function anObject(step: Step): KubernetesObject {
  const { kind, op, name } = step;
  const object =
    kind === 'LatticeMeshMember'
      ? aDeclaredMember(step)
      : aDeclaredService(step);
  const metadata = { ...object.metadata, name, namespace: 'data' };
  const spoiled = { target: 7, workload: 7 };
  return { ...object, metadata, ...(op === 'spoil' && { spec: spoiled }) };
}

function aDeclaredMember({ dependencies, allowedCallers }: Step) {
  const named = (name: string) => ({ name, namespace: 'data' });
  return aMember({
    spec: {
      dependencies: dependencies.map(named),
      allowedCallers: allowedCallers.map(named),
    },
  });
}

function aDeclaredService({ name, dependencies }: Step) {
  return aService(
    name,
    Object.fromEntries(
      dependencies.map(peer => [
        peer,
        { type: 'service', namespace: 'data', direction: 'outbound' },
      ]),
    ),
  );
}

describe('the agreements that a reader keeps up', () => {
  it('are those of a reader that has just begun, whatever has come and gone', () => {
    let agreed = 0;
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 20 }), steps => {
        const caches = new Map<ResourceKind, FakeCache>();
        const cluster: ClusterConnection = {
          ...aClusterWithoutClient(),
          cache: kind => {
            const cache = caches.get(kind) ?? new FakeCache(kind);
            caches.set(kind, cache);
            return cache;
          },
        };
        const reader = aReader(cluster);
        reader.agreements(cluster);
        for (const step of steps) {
          const cache = cluster.cache(KINDS[step.kind]) as FakeCache;
          if (step.op === 'remove') {
            cache.remove({ namespace: 'data', name: step.name });
          } else if (step.op === 'ask') {
            expectSame(reader.agreements(cluster), cluster);
          } else {
            cache.put(anObject(step));
          }
        }
        expectSame(reader.agreements(cluster), cluster);
        agreed += edges(reader.agreements(cluster)).length;
      }),
      { numRuns: 300 },
    );
    expect(agreed).toBeGreaterThan(50);
  });
});

function aReader(cluster: ClusterConnection): FleetReader {
  return new FleetReader({ clusters: someClusters([cluster]), owners: [] });
}

function aClusterWithoutClient(): ClusterConnection {
  const { name, mode, revision, openAccess } = aCluster();
  return { name, mode, revision, openAccess } as ClusterConnection;
}

function expectSame(graph: AgreementGraph, cluster: ClusterConnection): void {
  const fresh = aReader(cluster).agreements(cluster);
  expect(edges(graph)).toEqual(edges(fresh));
  expect(members(graph)).toEqual(members(fresh));
}

function edges(graph: AgreementGraph): string[] {
  return graph
    .keys()
    .flatMap(key => graph.edgesOf(key).map(edge => JSON.stringify(edge)))
    .sort();
}

function members(graph: AgreementGraph): string[] {
  return graph
    .keys()
    .map(key => JSON.stringify(graph.get(key)))
    .sort();
}
