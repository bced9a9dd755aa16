import {
  KubernetesObject,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { settledStatus } from './operationStatus';
import { packageStatus } from './packageStatus';
import { PackageWorld } from './PackageWorld';

const NOW = new Date('2026-03-01T12:00:00Z');

function installing(): PackageWorld {
  const parsed = parsePackage({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name: 'redis', namespace: 'data', uid: 'uid-1', generation: 1 },
    spec: {
      chart: { repo: 'oci://r.example.com/c', name: 'redis', version: '1.0.0' },
    },
    status: {
      operation: {
        id: 'o',
        verb: 'install',
        fromRevision: 0,
        expectedRevision: 1,
        startedAt: NOW.toISOString(),
      },
    },
  } as KubernetesObject);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return {
    pkg: parsed.value,
    now: NOW,
    hasFinalizer: true,
    namespace: { isTerminating: false },
    admission: { isOpen: true, reason: 'Valid', message: '' },
  };
}

function deployedBy(uid: string): ReleaseMetadata {
  return {
    secretName: 'sh.helm.release.v1.redis.v1',
    namespace: 'data',
    release: 'redis',
    revision: 1,
    status: 'deployed',
    labels: { 'portal.lattice.dev/owner-uid': uid },
  };
}

function settled(last: ReleaseMetadata) {
  const world = installing();
  return settledStatus(
    world,
    packageStatus(world, { kind: 'unsettled', last }),
    {
      last,
      record: undefined,
      answer: { didSucceed: false, message: 'cannot re-use a name' },
      digest: undefined,
      sources: [],
    },
  );
}

describe('settledStatus', () => {
  it('notes a release that was made for this package', () => {
    expect(settled(deployedBy('uid-1')).release).toMatchObject({ revision: 1 });
  });

  it('never takes what somebody else released meanwhile for its own', () => {
    const status = settled(deployedBy('uid-2'));
    expect(status.release).toBeUndefined();
    expect(status.history).toEqual([]);
    expect(status.operation).toBeUndefined();
  });
});
