import {
  KubernetesObject,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { PackageRecord } from './FleetRecord';
import { packageDetail, packageSummary } from './packageViews';
import { aCondition, aPackage } from './testing/objects';

function recordOf(object: KubernetesObject): PackageRecord {
  return {
    cluster: 'lab',
    namespace: 'data',
    name: object.metadata.name,
    labels: {},
    object,
    parsed: parsePackage(object),
  };
}

function detailOf(object: KubernetesObject) {
  return packageDetail(recordOf(object), {
    secrets: { defaultStore: 'lab', defaultKey: '{namespace}/{resource}' },
    members: [],
  });
}

const READY = {
  observedGeneration: 1,
  phase: 'Ready',
  conditions: [
    aCondition('Authorized', 'True'),
    aCondition('SecretsResolved', 'True'),
    aCondition('DependenciesReady', 'True'),
    aCondition('ChartAvailable', 'True'),
    aCondition('Released', 'True'),
    aCondition('Healthy', 'True'),
    aCondition('MeshEnrolled', 'False', 'NoMember'),
    aCondition('Ready', 'True', 'Succeeded', 'redis 18.4.0 runs'),
  ],
  release: { name: 'redis', namespace: 'data', revision: 3 },
  chart: { name: 'redis', version: '18.4.0' },
  inventory: [
    { id: 'data_redis_apps_StatefulSet', version: 'v1' },
    { id: '_reader_rbac.authorization.k8s.io_ClusterRole', version: 'v1' },
  ],
};

function states(object: KubernetesObject): Record<string, string> {
  return Object.fromEntries(
    detailOf(object).stages.map(({ name, state }) => [name, state]),
  );
}

describe('packageSummary', () => {
  it('says what is wanted, what runs, and that it is ready', () => {
    expect(packageSummary(recordOf(aPackage({ status: READY })))).toEqual({
      cluster: 'lab',
      namespace: 'data',
      name: 'redis',
      chart: 'redis',
      repository: 'oci://registry.example.com/charts',
      version: '18.4.0',
      runningVersion: '18.4.0',
      revision: 3,
      phase: 'Ready',
      message: 'redis 18.4.0 runs',
      suspended: false,
      createdAt: '2026-01-01T00:00:00Z',
    });
  });

  it('is pending while no controller has seen it', () => {
    expect(packageSummary(recordOf(aPackage())).phase).toBe('Pending');
  });

  it('is no longer ready once something else is wanted', () => {
    const changed = aPackage({ generation: 2, status: READY });
    const summary = packageSummary(recordOf(changed));
    expect(summary.phase).toBe('Progressing');
    expect(summary.message).toContain('not seen this version');
  });

  it('is no longer unseen once a pass has spoken, even if it is not through', () => {
    const status = {
      phase: 'Pending',
      conditions: [
        aCondition('SecretsResolved', 'False', 'ExternalSecretNotReady'),
        aCondition('Ready', 'False', 'ExternalSecretNotReady', 'waits'),
      ],
    };
    expect(packageSummary(recordOf(aPackage({ status })))).toMatchObject({
      phase: 'Pending',
      message: 'SecretsResolved is False',
    });
    expect(states(aPackage({ status }))).toMatchObject({
      Validated: 'done',
      SecretsResolved: 'active',
      Released: 'pending',
    });
  });

  it('explains a failure by what blocked first', () => {
    const status = {
      ...READY,
      phase: 'Failed',
      conditions: [
        aCondition('Ready', 'False', 'Denied', 'not ready'),
        aCondition('SecretsResolved', 'False', 'Resolved', 'later'),
        aCondition('Authorized', 'False', 'Denied', 'policy p1 denies it'),
      ],
    };
    expect(packageSummary(recordOf(aPackage({ status }))).message).toBe(
      'policy p1 denies it',
    );
  });

  it('shows a package that cannot be read as failed, with the field', () => {
    const broken = recordOf(aPackage({ spec: { chart: { name: 'redis' } } }));
    expect(packageSummary(broken)).toMatchObject({
      chart: 'redis',
      version: '',
      phase: 'Failed',
      message: expect.stringContaining('spec.chart'),
    });
  });

  it('is a row even for an object without any spec', () => {
    const empty = { ...aPackage(), spec: undefined };
    expect(packageSummary(recordOf(empty)).phase).toBe('Failed');
  });
});

describe('packageDetail', () => {
  it('walks the stages and stops at the one being worked on', () => {
    expect(states(aPackage())).toMatchObject({
      Validated: 'active',
      Authorized: 'pending',
    });
    const waiting = {
      observedGeneration: 1,
      conditions: [
        aCondition('Authorized', 'True'),
        aCondition('SecretsResolved', 'Unknown', 'Progressing'),
      ],
    };
    expect(states(aPackage({ status: waiting }))).toEqual({
      Validated: 'done',
      Authorized: 'done',
      SecretsResolved: 'active',
      DependenciesReady: 'pending',
      Released: 'pending',
      Healthy: 'pending',
      MeshEnrolled: 'pending',
    });
  });

  it('fails the release when the chart cannot be had, and validation when the spec is wrong', () => {
    const noChart = {
      observedGeneration: 1,
      conditions: [aCondition('ChartAvailable', 'False', 'NotFound')],
    };
    expect(states(aPackage({ status: noChart })).Released).toBe('failed');
    const invalid = {
      observedGeneration: 1,
      conditions: [aCondition('Stalled', 'True', 'InvalidSpec')],
    };
    expect(states(aPackage({ status: invalid })).Validated).toBe('failed');
  });

  it('shows where a secret comes from and never a value', () => {
    const detail = detailOf(aPackage({ status: READY }));
    expect(detail.secrets).toEqual([
      {
        resource: 'redis',
        provider: 'lab',
        remoteKey: 'data/redis',
        keys: ['auth-token'],
        state: 'resolved',
      },
    ]);
    const denied = {
      observedGeneration: 1,
      conditions: [aCondition('Authorized', 'False', 'Denied', 'no permit')],
    };
    expect(detailOf(aPackage({ status: denied })).secrets[0]).toMatchObject({
      state: 'denied',
      message: 'no permit',
    });
  });

  it('lists the objects of the release', () => {
    expect(detailOf(aPackage({ status: READY })).objects).toEqual([
      { kind: 'StatefulSet', namespace: 'data', name: 'redis' },
      { kind: 'ClusterRole', name: 'reader' },
    ]);
  });
});
