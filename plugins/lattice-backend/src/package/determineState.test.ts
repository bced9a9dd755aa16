import {
  KubernetesObject,
  LatticePackage,
  parsePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ReleaseMetadata,
  ReleaseStatus,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { digestLabel } from '../secrets';
import { determineState } from './determineState';
import { nextStep } from './nextStep';
import { packageStatus } from './packageStatus';
import { Gate, PackageWorld } from './PackageWorld';
import { LABEL_INTERRUPTED, releaseLabels, wantedKey } from './releaseLabels';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const open: Gate = { isOpen: true, reason: 'Fine', message: '' };
const closed: Gate = {
  isOpen: false,
  isStalled: false,
  reason: 'Closed',
  message: 'closed',
};
const wanted = {
  chartKey: 'c'.repeat(40),
  valuesDigest: `v1:aaaaaaaa:${'1'.repeat(40)}`,
};
const other = { ...wanted, valuesDigest: `v1:aaaaaaaa:${'2'.repeat(40)}` };
const lost = { ...wanted, valuesDigest: `v1:bbbbbbbb:${'1'.repeat(40)}` };

function aPackage(
  change: { metadata?: object; spec?: object; status?: object } = {},
): LatticePackage {
  const object = {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: {
      name: 'redis',
      namespace: 'data',
      uid: 'uid-1',
      generation: 3,
      ...change.metadata,
    },
    spec: {
      chart: { repo: 'oci://r.example.com/c', name: 'redis', version: '1.0.0' },
      ...change.spec,
    },
    status: change.status,
  } as KubernetesObject;
  const parsed = parsePackage(object);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.value;
}

function aRelease(
  revision: number,
  status: ReleaseStatus,
  change: {
    digests?: typeof wanted;
    uid?: string;
    modifiedAt?: Date;
    labels?: Record<string, string>;
  } = {},
): ReleaseMetadata {
  const pkg = aPackage({ metadata: { uid: change.uid ?? 'uid-1' } });
  return {
    secretName: `sh.helm.release.v1.redis.v${revision}`,
    namespace: 'data',
    release: 'redis',
    revision,
    status,
    labels: {
      ...releaseLabels(pkg, change.digests ?? wanted),
      ...change.labels,
    },
    modifiedAt: change.modifiedAt ?? ago(3_600_000),
  };
}

function aWorld(
  change: Partial<PackageWorld> & {
    releases?: readonly ReleaseMetadata[];
  } = {},
): PackageWorld {
  return {
    pkg: aPackage(),
    now: NOW,
    hasFinalizer: true,
    namespace: { isTerminating: false },
    admission: open,
    releases: [],
    authorization: open,
    dependencies: open,
    secrets: open,
    chart: open,
    wanted,
    health: { status: 'healthy', message: '' },
    ...change,
  };
}

const deleting = { metadata: { deletionTimestamp: '2026-03-01T11:59:00Z' } };
const operation = (verb: string, from: number) => ({
  id: 'o',
  verb,
  fromRevision: from,
  expectedRevision: verb === 'uninstall' ? from : from + 1,
  startedAt: NOW.toISOString(),
});
const failedTry = (count: number, inMs: number) => ({
  attempts: {
    key: wantedKey(aPackage(), wanted),
    count,
    nextRetryAt: new Date(NOW.getTime() + inMs).toISOString(),
  },
});

describe('where a package stands and what follows', () => {
  it.each<[string, PackageWorld, string, object]>([
    [
      'an invalid one waits',
      aWorld({ admission: closed }),
      'blocked',
      { kind: 'rest' },
    ],
    [
      'a suspended one rests',
      aWorld({ pkg: aPackage({ spec: { suspend: true } }) }),
      'suspended',
      { kind: 'rest' },
    ],
    [
      'a suspended one has its permit looked at all the same',
      aWorld({
        pkg: aPackage({ spec: { suspend: true } }),
        authorization: undefined,
      }),
      'unknown',
      { fact: 'authorization' },
    ],
    [
      'without records they are looked at first',
      aWorld({ releases: undefined }),
      'unknown',
      { fact: 'releases' },
    ],
    [
      'then Cedar is asked',
      aWorld({ authorization: undefined }),
      'unknown',
      { fact: 'authorization' },
    ],
    [
      'what is denied waits',
      aWorld({ authorization: closed }),
      'blocked',
      { kind: 'rest' },
    ],
    [
      'the finalizer comes before anything is made',
      aWorld({ hasFinalizer: false, secrets: undefined }),
      'unclaimed',
      { kind: 'claim' },
    ],
    [
      'nothing released is installed',
      aWorld(),
      'absent',
      { verb: 'install', fromRevision: 0 },
    ],
    [
      'dependencies gate an install',
      aWorld({ dependencies: closed }),
      'blocked',
      { kind: 'rest' },
    ],
    [
      'a chart is looked at before an install',
      aWorld({ chart: undefined }),
      'unknown',
      { fact: 'chart' },
    ],
    [
      'a chart that brings too much is not installed',
      aWorld({ chart: closed }),
      'blocked',
      { kind: 'rest' },
    ],
    [
      'what is wanted and healthy rests',
      aWorld({ releases: [aRelease(1, 'deployed')] }),
      'inSync',
      { kind: 'rest' },
    ],
    [
      'what runs does not need its registry',
      aWorld({ releases: [aRelease(1, 'deployed')], chart: undefined }),
      'inSync',
      { kind: 'rest' },
    ],
    [
      'what runs does not fall with its dependencies',
      aWorld({ releases: [aRelease(1, 'deployed')], dependencies: closed }),
      'inSync',
      { kind: 'rest' },
    ],
    [
      'other values are an upgrade',
      aWorld({ releases: [aRelease(4, 'deployed', { digests: other })] }),
      'outOfSync',
      { verb: 'upgrade', fromRevision: 4 },
    ],
    [
      'a digest under a lost key is adopted, not acted on',
      aWorld({ releases: [aRelease(1, 'deployed', { digests: lost })] }),
      'unknownDigest',
      { kind: 'adoptDigest' },
    ],
    [
      'a release of somebody else is left alone',
      aWorld({ releases: [aRelease(1, 'deployed', { uid: 'uid-2' })] }),
      'foreign',
      { kind: 'rest' },
    ],
    [
      'a release of somebody else is taken over on request',
      aWorld({
        pkg: aPackage({ spec: { adoption: 'Once' } }),
        releases: [aRelease(1, 'deployed', { uid: 'uid-2', digests: other })],
      }),
      'outOfSync',
      { verb: 'upgrade' },
    ],
    [
      'a failed first install is tried again',
      aWorld({ releases: [aRelease(1, 'failed')] }),
      'failed',
      { verb: 'upgrade' },
    ],
    [
      'a failed upgrade goes back to what ran',
      aWorld({
        releases: [
          aRelease(2, 'failed'),
          aRelease(1, 'deployed', { digests: other }),
        ],
      }),
      'failed',
      { verb: 'rollback', toRevision: 1 },
    ],
    [
      'a failed upgrade does not bring old secrets back',
      aWorld({
        haveSecretsMoved: true,
        releases: [
          aRelease(2, 'failed'),
          aRelease(1, 'deployed', { digests: other }),
        ],
      }),
      'failed',
      { verb: 'upgrade' },
    ],
    [
      'a failed upgrade stays when nobody wants a rollback',
      aWorld({
        pkg: aPackage({ spec: { remediation: { strategy: 'None' } } }),
        releases: [
          aRelease(2, 'failed'),
          aRelease(1, 'deployed', { digests: other }),
        ],
      }),
      'failed',
      { verb: 'upgrade' },
    ],
    [
      'a mended spec is tried without going back first',
      aWorld({
        releases: [
          aRelease(2, 'failed', { digests: other }),
          aRelease(1, 'deployed'),
        ],
      }),
      'outOfSync',
      { verb: 'upgrade', fromRevision: 2 },
    ],
    [
      'an interrupted upgrade is done again, not undone',
      aWorld({
        releases: [
          aRelease(2, 'failed', { labels: { [LABEL_INTERRUPTED]: 'true' } }),
          aRelease(1, 'deployed', { digests: other }),
        ],
      }),
      'failed',
      { verb: 'upgrade' },
    ],
    [
      'what was rolled back waits for its time',
      aWorld({
        pkg: aPackage({ status: failedTry(1, 30_000) }),
        releases: [aRelease(3, 'deployed', { digests: other })],
      }),
      'backingOff',
      { requeueAfterMs: 30_000 },
    ],
    [
      'then it is tried again',
      aWorld({
        pkg: aPackage({ status: failedTry(1, -1) }),
        releases: [aRelease(3, 'deployed', { digests: other })],
      }),
      'outOfSync',
      { verb: 'upgrade' },
    ],
    [
      'a spent budget stalls',
      aWorld({
        pkg: aPackage({ status: failedTry(4, 3_600_000) }),
        releases: [aRelease(3, 'deployed', { digests: other })],
      }),
      'exhausted',
      { kind: 'rest' },
    ],
    [
      'a kept record is thrown away before a new install',
      aWorld({ releases: [aRelease(1, 'uninstalled')] }),
      'halfRemoved',
      { verb: 'uninstall', purge: true },
    ],
    [
      'what comes up is waited for',
      aWorld({
        releases: [aRelease(1, 'deployed', { modifiedAt: ago(1_000) })],
        health: { status: 'progressing', message: '' },
      }),
      'unhealthy',
      { kind: 'rest', requeueAfterMs: 10_000 },
    ],
    [
      'what does not come up in time goes back to what was healthy',
      aWorld({
        pkg: aPackage({ status: { lastHealthyRevision: 1 } }),
        releases: [
          aRelease(2, 'deployed'),
          aRelease(1, 'superseded', { digests: other }),
        ],
        health: { status: 'progressing', message: '' },
      }),
      'unhealthy',
      { verb: 'rollback', toRevision: 1, spendsTry: true },
    ],
    [
      'what was healthy and falls ill stays',
      aWorld({
        pkg: aPackage({ status: { lastHealthyRevision: 2 } }),
        releases: [aRelease(2, 'deployed'), aRelease(1, 'superseded')],
        health: { status: 'degraded', message: '' },
      }),
      'unhealthy',
      { kind: 'rest' },
    ],
  ])('%s', (_, world, kind, step) => {
    const state = determineState(world);
    expect(state.kind).toBe(kind);
    expect(nextStep(state, NOW)).toMatchObject(step);
  });
});

describe('recovery from a crash', () => {
  const during = (verb: string, from: number) =>
    aPackage({ status: { operation: operation(verb, from) } });
  it.each<[string, PackageWorld, string, object]>([
    [
      'before helm stored anything',
      aWorld({ pkg: during('install', 0) }),
      'unsettled',
      { kind: 'settleOperation' },
    ],
    [
      'after helm was done',
      aWorld({
        pkg: during('install', 0),
        releases: [aRelease(1, 'deployed')],
      }),
      'unsettled',
      { kind: 'settleOperation' },
    ],
    [
      'after helm noted a failure',
      aWorld({ pkg: during('upgrade', 1), releases: [aRelease(2, 'failed')] }),
      'unsettled',
      { kind: 'settleOperation' },
    ],
    [
      'in the middle of an install',
      aWorld({
        pkg: during('install', 0),
        releases: [aRelease(1, 'pending-install', { modifiedAt: NOW })],
      }),
      'interrupted',
      { kind: 'unlock' },
    ],
    [
      'in the middle of an upgrade',
      aWorld({
        pkg: during('upgrade', 1),
        releases: [aRelease(2, 'pending-upgrade')],
      }),
      'interrupted',
      { kind: 'unlock' },
    ],
    [
      'in the middle of a rollback',
      aWorld({
        pkg: during('rollback', 2),
        releases: [aRelease(3, 'pending-rollback')],
      }),
      'interrupted',
      { kind: 'unlock' },
    ],
    [
      'while somebody else released',
      aWorld({
        pkg: during('upgrade', 1),
        releases: [aRelease(3, 'deployed', { uid: 'uid-2' })],
      }),
      'foreign',
      { kind: 'rest' },
    ],
    [
      'while somebody else took the revision that we wanted',
      aWorld({
        pkg: during('install', 0),
        releases: [aRelease(1, 'deployed', { uid: 'uid-2' })],
      }),
      'foreign',
      { kind: 'rest' },
    ],
    [
      'while somebody else works on the revision that we wanted',
      aWorld({
        pkg: during('install', 0),
        releases: [
          aRelease(1, 'pending-install', { uid: 'uid-2', modifiedAt: NOW }),
        ],
      }),
      'foreign',
      { kind: 'rest' },
    ],
    [
      'before an adoption stored anything',
      aWorld({
        pkg: during('upgrade', 1),
        releases: [aRelease(1, 'deployed', { uid: 'uid-2' })],
      }),
      'unsettled',
      { kind: 'settleOperation' },
    ],
    [
      'with the intent lost, at first',
      aWorld({
        releases: [aRelease(1, 'pending-install', { modifiedAt: ago(1_000) })],
      }),
      'locked',
      { kind: 'rest', requeueAfterMs: 59_000 },
    ],
    [
      'with the intent lost, after a grace',
      aWorld({
        releases: [aRelease(1, 'pending-install', { modifiedAt: ago(61_000) })],
      }),
      'interrupted',
      { kind: 'unlock' },
    ],
    [
      'with a lock that is not ours: never taken',
      aWorld({
        releases: [
          aRelease(1, 'pending-install', {
            uid: 'uid-2',
            modifiedAt: ago(86_400_000),
          }),
        ],
      }),
      'foreign',
      { kind: 'rest' },
    ],
    [
      'of a removal that is no longer wanted',
      aWorld({ releases: [aRelease(1, 'uninstalling')] }),
      'interrupted',
      { verb: 'uninstall' },
    ],
  ])('%s', (_, world, kind, step) => {
    const state = determineState(world);
    expect(state.kind).toBe(kind);
    expect(nextStep(state, NOW)).toMatchObject(step);
  });
});

describe('deletion', () => {
  const pkg = aPackage(deleting);
  const none = { dependents: [] };
  it.each<[string, PackageWorld, string, object]>([
    [
      'of what was never claimed needs nothing',
      aWorld({ pkg, hasFinalizer: false }),
      'gone',
      { kind: 'rest' },
    ],
    [
      'waits for dependents',
      aWorld({
        pkg,
        deletion: { dependents: [{ namespace: 'data', name: 'app' }] },
      }),
      'held',
      { kind: 'rest' },
    ],
    [
      'keeps the history until all is gone',
      aWorld({ pkg, deletion: none, releases: [aRelease(2, 'deployed')] }),
      'removable',
      { verb: 'uninstall', fromRevision: 2 },
    ],
    [
      'goes on after a crash',
      aWorld({ pkg, deletion: none, releases: [aRelease(2, 'uninstalling')] }),
      'removable',
      { verb: 'uninstall' },
    ],
    [
      'looks for what is left',
      aWorld({ pkg, deletion: none, releases: [aRelease(2, 'uninstalled')] }),
      'unknown',
      { fact: 'remaining' },
    ],
    [
      'waits for what is left',
      aWorld({
        pkg,
        deletion: { ...none, remaining: ['Service data/redis'] },
        releases: [aRelease(2, 'uninstalled')],
      }),
      'removing',
      { kind: 'rest', requeueAfterMs: 2_000 },
    ],
    [
      'throws the record away last',
      aWorld({
        pkg,
        deletion: { ...none, remaining: [] },
        releases: [aRelease(2, 'uninstalled')],
      }),
      'removed',
      { verb: 'uninstall', purge: true },
    ],
    [
      'then lets the object go',
      aWorld({ pkg, deletion: none, releases: [] }),
      'removed',
      { kind: 'release' },
    ],
    [
      'does not touch a release of somebody else',
      aWorld({
        pkg,
        deletion: none,
        releases: [aRelease(1, 'deployed', { uid: 'uid-2' })],
      }),
      'removed',
      { kind: 'release' },
    ],
    [
      'leaves what shall stay',
      aWorld({
        pkg: aPackage({ ...deleting, spec: { deletionPolicy: 'Orphan' } }),
        releases: [aRelease(1, 'deployed')],
      }),
      'removed',
      { kind: 'release' },
    ],
    [
      'does not hang in a namespace that goes',
      aWorld({ pkg, namespace: { isTerminating: true } }),
      'removed',
      { kind: 'release' },
    ],
    [
      'needs neither a sound spec nor a permit',
      aWorld({ pkg, admission: closed, authorization: closed, deletion: none }),
      'removed',
      { kind: 'release' },
    ],
  ])('%s', (_, world, kind, step) => {
    const state = determineState(world);
    expect(state.kind).toBe(kind);
    expect(nextStep(state, NOW)).toMatchObject(step);
  });
});

describe('packageStatus', () => {
  const inSync = aWorld({
    releases: [aRelease(1, 'deployed')],
    isEnrolled: true,
  });
  const statusOf = (world: PackageWorld) =>
    packageStatus(world, determineState(world));

  it('is the same again when nothing changed, so that nothing is written', () => {
    const first = statusOf(inSync);
    const later = {
      ...inSync,
      now: new Date(NOW.getTime() + 60_000),
      pkg: aPackage({ status: JSON.parse(JSON.stringify(first)) }),
    };
    expect(statusOf(later)).toEqual(first);
  });

  it('tells readers by the rules of kstatus when it is done', () => {
    const ready = statusOf(inSync);
    expect(ready).toMatchObject({
      observedGeneration: 3,
      phase: 'Ready',
      lastHealthyRevision: 1,
    });
    expect(ready.conditions.map(it => it.type)).not.toContain('Reconciling');
    const waiting = statusOf(aWorld({ secrets: closed }));
    expect(waiting.observedGeneration).toBe(-1);
    const stalled = statusOf(
      aWorld({ admission: { ...closed, isStalled: true } as Gate }),
    );
    expect(stalled).toMatchObject({ observedGeneration: 3, phase: 'Failed' });
  });

  it('never says both that it goes on and that it is stuck', () => {
    for (const world of [
      inSync,
      aWorld(),
      aWorld({ secrets: closed }),
      aWorld({ admission: { ...closed, isStalled: true } as Gate }),
      aWorld({
        releases: [aRelease(1, 'failed')],
        pkg: aPackage({ status: failedTry(9, 1_000) }),
      }),
    ]) {
      const types = statusOf(world).conditions.map(it => it.type);
      expect(types).toContain('Ready');
      expect(types.includes('Reconciling') && types.includes('Stalled')).toBe(
        false,
      );
    }
  });

  it('warns with the words of the book when no member speaks for it', () => {
    const { conditions } = statusOf({ ...inSync, isEnrolled: false });
    expect(conditions.find(it => it.type === 'MeshEnrolled')?.message).toBe(
      'LatticePackage redis is Ready but no LatticeMeshMember exists in namespace data. Services cannot reach this package through the bilateral agreement model.',
    );
    expect(conditions.find(it => it.type === 'Ready')?.status).toBe('True');
  });

  it('keeps its word while suspended', () => {
    const before = statusOf(inSync);
    const status = statusOf({
      ...inSync,
      pkg: aPackage({
        spec: { suspend: true },
        status: JSON.parse(JSON.stringify(before)),
      }),
    });
    expect(status).toEqual({ ...before, suspended: true });
  });
});

it('writes digests as labels that fit', () => {
  expect(digestLabel(wanted.valuesDigest)).toMatch(/^[-A-Za-z0-9_.]{1,63}$/);
});
