import { parse } from 'yaml';
import {
  aPackage,
  aPackageManifest,
  CHAPTER_PACKAGE,
} from '../testing/manifests';
import { parsePackage } from './parsePackage';

function problemsOf(raw: unknown): string[] {
  const result = parsePackage(raw);
  return result.ok
    ? []
    : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('parsePackage', () => {
  it('reads the chapter, unchanged, with the safe defaults', () => {
    const result = parsePackage(parse(CHAPTER_PACKAGE, { version: '1.1' }));
    expect(result).toMatchObject({
      ok: true,
      value: {
        metadata: { name: 'redis', namespace: 'data', labels: {} },
        spec: {
          chart: {
            repository: 'oci://registry.example.com/charts',
            name: 'redis',
            version: '18.4.0',
          },
          values: {
            replicas: 3,
            auth: {
              enabled: true,
              password: '${resources.redis.auth-token}',
            },
          },
          resources: { redis: { type: 'secret', keys: ['auth-token'] } },
          targetNamespace: 'data',
          dependsOn: [],
          serviceAccountName: 'lattice-packages',
          suspend: false,
          deletionPolicy: 'Delete',
          driftPolicy: 'warn',
          conflictPolicy: 'Fail',
          crdPolicy: { install: 'Create', upgrade: 'Skip' },
          adoption: 'None',
          remediation: { strategy: 'Rollback', retries: 3 },
          rotationPolicy: 'None',
          timeoutSeconds: 300,
          waitStrategy: 'None',
        },
        status: { observedGeneration: -1, conditions: [] },
      },
    });
  });

  it('takes repo and repository as one field', () => {
    const both = (repo: string) =>
      aPackageManifest({ spec: { chart: { repository: 'oci://a', repo } } });
    expect(problemsOf(both('oci://a'))).toEqual([]);
    expect(problemsOf(both('oci://b'))).toEqual([
      'spec.chart.repo: differs from repository, which is the same field: set one of them',
    ]);
    expect(
      problemsOf(
        aPackageManifest({ spec: { chart: { repository: undefined } } }),
      ),
    ).toEqual([expect.stringMatching(/^spec\.chart\.repository: is required/)]);
  });

  it('reads the reference shape: provider, id, mesh block, skipCrds', () => {
    const pkg = aPackage({
      spec: {
        skipCrds: true,
        createNamespace: true,
        timeout: '1h5m',
        resources: {
          db: {
            type: 'secret',
            id: 'db/prod',
            params: { provider: 'vault', refreshInterval: '30m' },
          },
          other: { type: 'volume', params: { size: '1Gi' } },
        },
        mesh: {
          selector: { matchLabels: { app: 'redis' } },
          ports: [{ name: 'redis', port: 6379 }],
          allowedCallers: [{ name: 'checkout', namespace: null }],
        },
      },
    });
    expect(pkg.spec.crdPolicy.install).toBe('Skip');
    expect(pkg.spec.timeoutSeconds).toBe(3900);
    expect(pkg.spec.resources).toEqual({
      db: {
        type: 'secret',
        provider: 'vault',
        id: 'db/prod',
        refreshInterval: '30m',
      },
    });
    expect(pkg.spec.mesh).toEqual({
      target: { selector: { app: 'redis' } },
      ports: [{ name: 'redis', port: 6379 }],
      allowedCallers: [{ name: 'checkout' }],
    });
  });

  it('reads dependencies as objects and as text', () => {
    const { spec } = aPackage({
      spec: { dependsOn: ['a', 'cache/b', { name: 'c' }] },
    });
    expect(spec.dependsOn).toEqual([
      { namespace: 'data', name: 'a' },
      { namespace: 'cache', name: 'b' },
      { namespace: 'data', name: 'c' },
    ]);
  });

  it('names every wrong field in one go, and no value', () => {
    const problems = problemsOf({
      kind: 'LatticePackage',
      apiVersion: 'lattice.dev/v1',
      metadata: { name: 'redis' },
      spec: {
        chart: { repo: 'oci://a', name: 'a', version: 18.4 },
        values: ['hunter2'],
        dependsOn: [{ name: 5 }],
        driftPolicy: 'hunter2',
        timeout: 'hunter2',
      },
    });
    expect(problems).toEqual([
      'apiVersion: must be lattice.dev/v1alpha1, the only version of lattice.dev that is known here',
      'metadata.namespace: is required',
      'spec.chart.version: must be a string; put it in quotes',
      'spec.values: must be an object',
      'spec.dependsOn[0].name: must be a string; put it in quotes',
      'spec.driftPolicy: must be one of ignore, warn, correct',
      'spec.timeout: must be a duration of hours, minutes and seconds such as 5m or 1h30m',
    ]);
  });

  it.each<[string, object, string]>([
    ['secretType', { secretType: 'kubernetes.io/nope' }, 'secretType'],
    ['refreshInterval', { refreshInterval: '5 minutes' }, 'refreshInterval'],
    ['provider', { provider: '' }, 'provider'],
    ['keys', { keys: 'password' }, 'keys'],
    ['one key', { keys: ['password', 7] }, 'keys[1]'],
  ])('refuses a secret with a wrong %s', (_, params, field) => {
    const written = aPackageManifest({
      spec: { resources: { creds: { type: 'secret', params } } },
    });
    expect(problemsOf(written).map(one => one.split(':')[0])).toEqual([
      `spec.resources.creds.params.${field}`,
    ]);
  });

  it.each<[string, object, string]>([
    ['a duration without unit', { timeout: '30' }, 'spec.timeout'],
    ['a duration in days', { progressDeadline: '1d' }, 'spec.progressDeadline'],
    ['a negative duration', { timeout: '-5m' }, 'spec.timeout'],
    ['no history', { historyMax: 0 }, 'spec.historyMax'],
    [
      'half a retry',
      { remediation: { retries: 0.5 } },
      'spec.remediation.retries',
    ],
    [
      'an unknown deletion policy',
      { deletionPolicy: 'Keep' },
      'spec.deletionPolicy',
    ],
    [
      'an unknown conflict policy',
      { conflictPolicy: 'Win' },
      'spec.conflictPolicy',
    ],
    ['an unknown adoption', { adoption: 'Always' }, 'spec.adoption'],
    ['a suspension as text', { suspend: 'yes' }, 'spec.suspend'],
    ['dependencies that are no list', { dependsOn: 'a' }, 'spec.dependsOn'],
    ['a dependency that is a number', { dependsOn: [1] }, 'spec.dependsOn[0]'],
    [
      'a dependency without name',
      { dependsOn: [{ namespace: 'a' }] },
      'spec.dependsOn[0].name',
    ],
    [
      'a name that is too long',
      { chart: { name: 'a'.repeat(254) } },
      'spec.chart.name',
    ],
    ['resources that are a list', { resources: [] }, 'spec.resources'],
  ])('refuses %s', (_, spec, path) => {
    expect(
      problemsOf(aPackageManifest({ spec: { ...spec } })).map(
        one => one.split(':')[0],
      ),
    ).toEqual([path]);
  });

  it('finds what is wrong in a mesh block where it stands', () => {
    expect(
      problemsOf(
        aPackageManifest({
          spec: {
            mesh: {
              selector: { app: 'redis' },
              allowedCallers: ['/x'],
              egress: [{ target: {} }],
            },
          },
        }),
      ).map(problem => problem.split(':')[0]),
    ).toEqual(['spec.mesh.allowedCallers[0]', 'spec.mesh.egress[0].target']);
  });

  it('treats null as absent, except in values', () => {
    const pkg = aPackage({
      spec: { mesh: null, dependsOn: null, values: { a: null } },
    });
    expect(pkg.spec.dependsOn).toEqual([]);
    expect(pkg.spec.values).toEqual({ a: null });
  });

  it('never fails for what stands in status', () => {
    const pkg = aPackage({
      status: {
        observedGeneration: 'x',
        phase: 'Sideways',
        conditions: [
          { type: 'Ready', status: 'Maybe' },
          { type: 'Healthy', status: 'True', reason: 7 },
        ],
        history: [{ revision: 1, chart: 'redis' }, null, 5],
        operation: { id: 1 },
        secrets: {},
      },
    });
    expect(pkg.status).toMatchObject({
      observedGeneration: -1,
      conditions: [{ type: 'Healthy', status: 'True', reason: '' }],
      history: [{ revision: 1, chart: 'redis' }],
      secrets: [],
    });
    expect(pkg.status.phase).toBeUndefined();
    expect(pkg.status.operation).toBeUndefined();
  });
});
