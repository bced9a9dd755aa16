import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab/Lab';
import { startLab } from '../lab/startLab';
import { waitUntil } from '../processes/waitUntil';
import { syncedResourceVersion } from './objectHash';
import { SECRET_STORE } from './startExternalSecrets';
import type { Condition, ExternalSecret, Secret } from './types';

jest.setTimeout(240_000);

const NAMESPACE = 'contract';
const subject =
  process.env.LATTICE_LAB_ESO === 'real' ? 'operator' : 'stand-in';

type Spec = Partial<ExternalSecret['spec']>;

/**
 * What Lattice relies on in External Secrets. Runs against the stand-in, and against the real operator with
 * LATTICE_LAB_ESO=real, so that the one is proven equal to the other in what is used.
 */
describe(`External Secrets (${subject})`, () => {
  let dir: string;
  let lab: Lab;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-contract-'));
    lab = await startLab({
      dataDir: dir,
      parts: ['cluster', 'external-secrets'],
    });
    await lab.kubectl(['create', 'namespace', NAMESPACE]);
    await lab.setSecretValue('data/redis', 'password', 'first');
    await lab.setSecretValue('data/redis', 'user', 'ada');
  });

  afterAll(async () => {
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const path = (kind: string, name: string) =>
    kind === 'secrets'
      ? `/api/v1/namespaces/${NAMESPACE}/secrets/${name}`
      : `/apis/external-secrets.io/v1/namespaces/${NAMESPACE}/${kind}/${name}`;

  const declare = async (
    name: string,
    spec: Spec,
    metadata: Partial<ExternalSecret['metadata']> = {},
  ) => {
    await lab.client.apply(
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { ...metadata, name, namespace: NAMESPACE },
        spec: {
          refreshInterval: '1h',
          secretStoreRef: { kind: 'ClusterSecretStore', name: SECRET_STORE },
          ...spec,
        },
      },
      'contract-test',
    );
  };

  const password = {
    secretKey: 'pw',
    remoteRef: { key: 'data/redis', property: 'password' },
  };

  const eventually = <T>(
    what: string,
    check: () => Promise<T | undefined | false>,
  ) => waitUntil(check, { what, timeoutMs: 40_000, intervalMs: 200 });

  const ready = ({ status }: ExternalSecret): Condition | undefined =>
    status?.conditions?.find(({ type }) => type === 'Ready');

  /** The ExternalSecret once its condition has the reason, for the generation that was declared last. */
  const whenReason = (name: string, reason: string) =>
    eventually(`${name} to say ${reason}`, async () => {
      const object = await lab.client.call<ExternalSecret>(
        'GET',
        path('externalsecrets', name),
      );
      const condition = ready(object);
      const isCurrent =
        condition?.status === 'False' ||
        object.status?.syncedResourceVersion?.startsWith(
          `${object.metadata.generation}-`,
        );
      return condition?.reason === reason && isCurrent && object;
    });

  const secret = (name: string) =>
    lab.client.find<Secret>(path('secrets', name));
  const text = (held: Secret | undefined, key: string) =>
    held?.data?.[key] === undefined
      ? undefined
      : Buffer.from(held.data[key], 'base64').toString();

  it('creates the Secret of spec.data and says for which generation it is fresh', async () => {
    await declare('plain', { data: [password] }, { labels: { team: 'data' } });
    const synced = await whenReason('plain', 'SecretSynced');
    expect(ready(synced)).toMatchObject({
      status: 'True',
      message: 'secret synced',
    });
    expect(synced.status?.syncedResourceVersion).toBe(
      syncedResourceVersion(synced),
    );
    expect(synced.status?.binding).toEqual({ name: 'plain' });
    expect(
      Date.now() - Date.parse(synced.status?.refreshTime ?? ''),
    ).toBeLessThan(60_000);
    const held = await secret('plain');
    expect(text(held, 'pw')).toBe('first');
    expect(held?.metadata.labels).toMatchObject({
      team: 'data',
      'reconcile.external-secrets.io/managed': 'true',
    });
    expect(held?.metadata.ownerReferences).toEqual([
      expect.objectContaining({
        kind: 'ExternalSecret',
        name: 'plain',
        controller: true,
      }),
    ]);
  });

  it('takes every property with dataFrom, and a key of spec.data over it', async () => {
    await declare('all', {
      target: { name: 'all-target' },
      dataFrom: [{ extract: { key: 'data/redis' } }],
      data: [{ ...password, secretKey: 'user' }],
    });
    await whenReason('all', 'SecretSynced');
    const held = await secret('all-target');
    expect(Object.keys(held?.data ?? {}).sort()).toEqual(['password', 'user']);
    expect(text(held, 'user')).toBe('first');
  });

  it('renders a template into the data, with its type and labels, in place of the values', async () => {
    await declare('templated', {
      target: {
        template: {
          type: 'Opaque',
          metadata: { labels: { made: 'by-template' } },
          data: { url: 'redis://:{{ .pw }}@redis:6379' },
        },
      },
      data: [password],
    });
    await whenReason('templated', 'SecretSynced');
    const held = await secret('templated');
    expect(Object.keys(held?.data ?? {})).toEqual(['url']);
    expect(text(held, 'url')).toBe('redis://:first@redis:6379');
    expect(held?.metadata.labels?.made).toBe('by-template');
  });

  it('follows a rotated value after the refresh interval, and not before', async () => {
    await lab.setSecretValue('data/rotated', 'password', 'old');
    const data = [
      {
        secretKey: 'pw',
        remoteRef: { key: 'data/rotated', property: 'password' },
      },
    ];
    await declare('slow', { data });
    await declare('quick', { refreshInterval: '1s', data });
    const before = await whenReason('slow', 'SecretSynced');
    const first = await whenReason('quick', 'SecretSynced');
    await lab.setSecretValue('data/rotated', 'password', 'new');
    await eventually(
      'the new value',
      async () => text(await secret('quick'), 'pw') === 'new',
    );
    const after = await whenReason('quick', 'SecretSynced');
    expect(Date.parse(after.status?.refreshTime ?? '')).toBeGreaterThan(
      Date.parse(first.status?.refreshTime ?? ''),
    );
    expect(text(await secret('slow'), 'pw')).toBe('old');
    expect((await whenReason('slow', 'SecretSynced')).status?.refreshTime).toBe(
      before.status?.refreshTime,
    );
    // A change of an annotation is how a refresh is asked for.
    await declare('slow', { data }, { annotations: { 'force-sync': '1' } });
    await eventually(
      'the forced refresh',
      async () => text(await secret('slow'), 'pw') === 'new',
    );
  });

  it('takes an existing Secret over and drops what it held, when it is to own it', async () => {
    await lab.kubectl([
      'create',
      'secret',
      'generic',
      'taken',
      '-n',
      NAMESPACE,
      '--from-literal=mine=1',
    ]);
    await declare('taken', { data: [password] });
    await whenReason('taken', 'SecretSynced');
    const held = await secret('taken');
    expect(Object.keys(held?.data ?? {})).toEqual(['pw']);
    expect(held?.metadata.ownerReferences?.[0]?.name).toBe('taken');
  });

  it('keeps the other keys with Merge, and creates nothing', async () => {
    await declare('absent', {
      target: { creationPolicy: 'Merge', deletionPolicy: 'Merge' },
      data: [password],
    });
    await whenReason('absent', 'SecretMissing');
    expect(await secret('absent')).toBeUndefined();
    await lab.kubectl([
      'create',
      'secret',
      'generic',
      'merged',
      '-n',
      NAMESPACE,
      '--from-literal=mine=1',
    ]);
    await declare('merged', {
      target: { creationPolicy: 'Merge', deletionPolicy: 'Merge' },
      data: [password],
    });
    await whenReason('merged', 'SecretSynced');
    const held = await secret('merged');
    expect(Object.keys(held?.data ?? {}).sort()).toEqual(['mine', 'pw']);
    expect(held?.metadata.ownerReferences ?? []).toEqual([]);
  });

  it('refuses a Secret that another ExternalSecret owns', async () => {
    await declare('second', { target: { name: 'plain' }, data: [password] });
    const refused = await whenReason('second', 'SecretSyncedError');
    expect(ready(refused)?.message).toBe(
      'target is owned by another ExternalSecret',
    );
    expect((await secret('plain'))?.metadata.ownerReferences?.[0]?.name).toBe(
      'plain',
    );
  });

  it('repairs the Secret when somebody changes or deletes it', async () => {
    await declare('repaired', { data: [password] });
    await whenReason('repaired', 'SecretSynced');
    await lab.kubectl([
      'patch',
      'secret',
      'repaired',
      '-n',
      NAMESPACE,
      '-p',
      '{"stringData":{"pw":"x"}}',
    ]);
    await eventually(
      'the repair',
      async () => text(await secret('repaired'), 'pw') === 'first',
    );
    await lab.kubectl(['delete', 'secret', 'repaired', '-n', NAMESPACE]);
    await eventually(
      'the new Secret',
      async () => text(await secret('repaired'), 'pw') === 'first',
    );
  });

  it.each<[string, Spec]>([
    [
      'key',
      {
        data: [
          {
            secretKey: 'pw',
            remoteRef: { key: 'no/such', property: 'password' },
          },
        ],
      },
    ],
    [
      'property',
      {
        data: [
          {
            secretKey: 'pw',
            remoteRef: { key: 'data/redis', property: 'none' },
          },
        ],
      },
    ],
    [
      'store',
      {
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'none' },
        data: [password],
      },
    ],
  ])(
    'fails for a missing %s without touching the Secret',
    async (what, spec) => {
      const name = `missing-${what}`;
      await declare(name, spec);
      const failed = await whenReason(name, 'SecretSyncedError');
      expect(ready(failed)).toMatchObject({
        status: 'False',
        message: 'could not get secret data from provider',
      });
      expect(failed.status?.syncedResourceVersion).toBeUndefined();
      expect(await secret(name)).toBeUndefined();
    },
  );

  it('keeps the last Secret while the store fails, and recovers', async () => {
    await lab.setSecretValue('data/flaky', 'password', 'one');
    const data = [
      {
        secretKey: 'pw',
        remoteRef: { key: 'data/flaky', property: 'password' },
      },
    ];
    await declare('flaky', { refreshInterval: '1s', data });
    await whenReason('flaky', 'SecretSynced');
    await lab.removeSecret('data/flaky');
    await whenReason('flaky', 'SecretSyncedError');
    expect(text(await secret('flaky'), 'pw')).toBe('one');
    await lab.setSecretValue('data/flaky', 'password', 'two');
    await eventually(
      'the recovery',
      async () => text(await secret('flaky'), 'pw') === 'two',
    );
  });

  it('does not refresh with interval 0, whatever the store holds', async () => {
    await lab.setSecretValue('data/frozen', 'password', 'one');
    const data = [
      {
        secretKey: 'pw',
        remoteRef: { key: 'data/frozen', property: 'password' },
      },
    ];
    await declare('frozen', { refreshInterval: '0s', data });
    await whenReason('frozen', 'SecretSynced');
    await lab.setSecretValue('data/frozen', 'password', 'two');
    await declare(
      'frozen',
      { refreshInterval: '0s', data },
      { annotations: { changed: '1' } },
    );
    await declare('witness', { data });
    await whenReason('witness', 'SecretSynced');
    expect(text(await secret('frozen'), 'pw')).toBe('one');
  });

  it('takes its Secret along when it is deleted, and leaves one it does not own', async () => {
    await declare('owned', { data: [password] });
    await declare('orphan', {
      target: { creationPolicy: 'Orphan' },
      data: [password],
    });
    await whenReason('owned', 'SecretSynced');
    await whenReason('orphan', 'SecretSynced');
    await lab.kubectl([
      'delete',
      'externalsecret',
      'owned',
      'orphan',
      '-n',
      NAMESPACE,
    ]);
    await eventually(
      'the collector',
      async () => (await secret('owned')) === undefined,
    );
    expect(text(await secret('orphan'), 'pw')).toBe('first');
  });
});
