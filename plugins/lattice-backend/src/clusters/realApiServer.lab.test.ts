import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ensurePart, Lab, startLab } from 'lab';
import { LeaseTiming } from '../controllers/leadership';
import { Clusters, createClusters } from './createClusters';
import { detectEngines } from './detectEngines';
import { eventually } from './eventually';
import { KINDS } from './kinds';
import { StallableLink } from './StallableLink';
import { ClusterConnection, ResourceCache, ResourceKind } from './types';

const run = promisify(execFile);

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const WIDGETS: ResourceKind = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};
const AUDIENCE: ResourceKind = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
};
const SERVICE_ACCOUNTS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};
const DEFINITIONS: ResourceKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const LAB_START_MS = 900_000;
const quickLease: LeaseTiming = {
  leaseMs: 3_000,
  actMs: 2_000,
  renewMs: 1_000,
  retryMs: 400,
};

function aNamespace(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function aMap(
  namespace: string,
  name: string,
  value: string,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace, name },
    data: { value },
  };
}

/** What can be compared of objects: everything but what no cache keeps, whatever the order of the keys. */
function comparable(objects: readonly KubernetesObject[]): string[] {
  return objects
    .map(
      ({
        apiVersion,
        kind,
        metadata: { managedFields, ...metadata },
        ...rest
      }) => JSON.stringify({ apiVersion, kind, metadata, ...rest }),
    )
    .sort();
}

describe('on a real API server', () => {
  jest.setTimeout(120_000);
  let dir: string;
  let lab: Lab;
  let clusters: Clusters;
  let connection: ClusterConnection;

  function aProcess(
    mode: 'observe' | 'reconcile' = 'reconcile',
    kubeconfig = lab.kubeconfig,
  ): Clusters {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    return createClusters({
      clusters: [{ name: 'lab', mode, kubeconfig }],
      logger,
      leaseTiming: quickLease,
    });
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-clusters-'));
    lab = await startLab({ parts: ['cluster'], dataDir: dir });
    clusters = aProcess();
    await clusters.start();
    connection = clusters.get('lab')!;
    for (const name of ['data', 'commerce', 'other']) {
      await connection.client.create(KINDS.Namespace, aNamespace(name));
    }
  }, LAB_START_MS);

  afterAll(async () => {
    await clusters?.stop();
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('knows the cluster by its UID and leads it', async () => {
    await eventually(() =>
      expect(clusters.states()).toMatchObject([
        {
          name: 'lab',
          isLeader: true,
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      ]),
    );
  });

  it('holds exactly what the server holds after random writes', async () => {
    const { client } = connection;
    const cache = connection.cache(CONFIG_MAPS);
    await cache.synced();
    const namespaces = ['data', 'commerce', 'other'];
    const pick = (count: number) => Math.floor(Math.random() * count);
    const writeOne = async () => {
      const namespace = namespaces[pick(3)];
      const name = `map-${pick(40)}`;
      const object = aMap(namespace, name, String(Math.random()));
      if (pick(4) === 0) {
        await client.delete(CONFIG_MAPS, { namespace, name });
      } else {
        await client.apply(CONFIG_MAPS, object);
      }
    };
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let index = 0; index < 100; index++) {
          await writeOne();
        }
      }),
    );
    const compare = async () => {
      const { items } = await client.list(CONFIG_MAPS);
      expect(comparable(cache.list())).toEqual(comparable(items));
      for (const namespace of namespaces) {
        const part = await client.list(CONFIG_MAPS, { namespace });
        expect(comparable(cache.list(namespace))).toEqual(
          comparable(part.items),
        );
      }
    };
    await eventually(compare);
    const late = aProcess('observe');
    await late.start();
    const lateCache = late.get('lab')!.cache(CONFIG_MAPS);
    await lateCache.synced();
    expect(comparable(lateCache.list())).toEqual(comparable(cache.list()));
    await late.stop();
  });

  it('reads more than one page', async () => {
    const { client } = connection;
    await Promise.all(
      Array.from({ length: 10 }, async (_, part) => {
        for (let index = 0; index < 60; index++) {
          const name = `page-${part}-${index}`;
          await client.create(CONFIG_MAPS, aMap('other', name, 'x'));
        }
      }),
    );
    const late = aProcess('observe');
    const cache = late.get('lab')!.cache(CONFIG_MAPS);
    await cache.synced();
    const { items } = await client.list(CONFIG_MAPS);
    expect(items.length).toBeGreaterThan(600);
    expect(cache.list()).toHaveLength(items.length);
    await late.stop();
  });

  it('keeps no value of any Secret', async () => {
    const cache = connection.cache(KINDS.Secret);
    await cache.synced();
    await connection.client.create(KINDS.Secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'data', name: 'canary', labels: { a: 'b' } },
      stringData: { password: 'canary-value' },
    });
    const held = () => cache.get({ namespace: 'data', name: 'canary' });
    await eventually(() => expect(held()).toBeDefined());
    expect(held()).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { labels: { a: 'b' } },
    });
    expect(Object.keys(held()!)).toEqual(['apiVersion', 'kind', 'metadata']);
    const encoded = Buffer.from('canary-value').toString('base64');
    expect(JSON.stringify(cache.list())).not.toContain(encoded);
  });

  it('sees the engines, and follows a kind that comes and goes', async () => {
    await connection.cache(DEFINITIONS).synced();
    expect(detectEngines(connection)).toEqual({
      cilium: true,
      istio: true,
      externalSecrets: true,
      isComplete: true,
    });
    const cache: ResourceCache = connection.cache(WIDGETS);
    await eventually(() => expect(cache.error).toMatch(/HTTP 404|not find/));
    await connection.client.create(DEFINITIONS, widgetDefinition());
    await cache.synced(AbortSignal.timeout(10_000));
    await connection.client.create(WIDGETS, {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { namespace: 'data', name: 'w' },
    });
    await eventually(() => expect(cache.list()).toHaveLength(1));
    await connection.client.delete(DEFINITIONS, {
      name: 'widgets.example.com',
    });
    await eventually(() => expect(cache.isComplete).toBe(false), 20_000);
  });

  it('gives the reasons that a real server gives', async () => {
    const { client } = connection;
    const key = { namespace: 'data', name: 'subject' };
    const created = await client.create(
      CONFIG_MAPS,
      aMap('data', 'subject', 'a'),
    );
    await expect(
      client.create(CONFIG_MAPS, aMap('data', 'subject', 'a')),
    ).rejects.toMatchObject({ reason: 'AlreadyExists' });
    await client.replace(CONFIG_MAPS, { ...created, data: { value: 'b' } });
    await expect(client.replace(CONFIG_MAPS, created)).rejects.toMatchObject({
      reason: 'Conflict',
    });
    await lab.kubectl(
      [
        'apply',
        '--server-side',
        '--force-conflicts',
        '--field-manager=somebody',
        '-f',
        '-',
      ],
      JSON.stringify(aMap('data', 'subject', 'c')),
    );
    await expect(
      client.apply(CONFIG_MAPS, aMap('data', 'subject', 'd')),
    ).rejects.toMatchObject({
      reason: 'Conflict',
      causes: [{ field: '.data.value', manager: 'somebody' }],
    });
    await expect(
      client.create(CONFIG_MAPS, {
        ...aMap('data', 'unknown-field', 'x'),
        surprise: 'canary-value',
      }),
    ).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.not.stringContaining('canary-value'),
    });
    await expect(
      client.create(CONFIG_MAPS, aMap('absent', 'x', 'x')),
    ).rejects.toMatchObject({ reason: 'NotFound', isObjectMissing: true });
    await expect(
      client.get(CONFIG_MAPS, { namespace: 'data', name: 'absent' }),
    ).resolves.toBeUndefined();
    await expect(
      client.jsonPatch(CONFIG_MAPS, key, [
        { op: 'test', path: '/data/value', value: 'wrong' },
      ]),
    ).rejects.toMatchObject({ reason: 'Invalid' });
    await expect(
      client.delete(CONFIG_MAPS, key, { uid: 'another' }),
    ).rejects.toMatchObject({ reason: 'Conflict' });
    await expect(client.delete(CONFIG_MAPS, key)).resolves.toBe(true);
    await expect(client.delete(CONFIG_MAPS, key)).resolves.toBe(false);
    await expect(
      client.list(CONFIG_MAPS, { as: { user: 'nobody', groups: [] } }),
    ).rejects.toMatchObject({ reason: 'Forbidden' });
  });

  it('writes nothing while it only observes', async () => {
    const observer = aProcess('observe');
    await observer.start();
    await expect(
      observer.get('lab')!.client.create(CONFIG_MAPS, aMap('data', 'o', 'x')),
    ).rejects.toMatchObject({ reason: 'Forbidden' });
    expect(observer.leadership('lab').isLeader()).toBe(false);
    await observer.stop();
  });

  it('hands the Lease to another process, and never has two leaders', async () => {
    const second = aProcess();
    await second.start();
    const both = () => [clusters, second].map(one => one.leadership('lab'));
    await eventually(() => expect(both()[0].isLeader()).toBe(true));
    let sawTwo = false;
    const watcher = setInterval(() => {
      sawTwo ||= both().every(leadership => leadership.isLeader());
    }, 1);
    await new Promise(resolve => setTimeout(resolve, 4_000));
    expect(both()[1].isLeader()).toBe(false);

    const stoppedAt = performance.now();
    await clusters.stop();
    await eventually(() => expect(both()[1].isLeader()).toBe(true));
    expect(performance.now() - stoppedAt).toBeLessThan(2_000);

    clusters = aProcess();
    await clusters.start();
    connection = clusters.get('lab')!;
    await second.stop();
    await eventually(() =>
      expect(clusters.leadership('lab').isLeader()).toBe(true),
    );
    clearInterval(watcher);
    expect(sawTwo).toBe(false);
  });

  it('loses the Lease before another process holds it when its link falls silent, and forwards nothing more', async () => {
    await clusters.stop();
    const text = await readFile(lab.kubeconfig, 'utf8');
    const server = /server: "?(https:\/\/[^"\s]+)/.exec(text)![1];
    const link = await StallableLink.open(new URL(server));
    const kubeconfig = join(dir, 'stallable');
    await writeFile(
      kubeconfig,
      text.replace(server, `https://127.0.0.1:${link.port}`),
    );
    const first = aProcess('reconcile', kubeconfig);
    await first.start();
    const leads = (one: Clusters) => one.leadership('lab').isLeader();
    await eventually(() => expect(leads(first)).toBe(true));
    const access = await first
      .get('lab')!
      .openAccess({ user: 'u', groups: [] });
    const url = JSON.parse(await readFile(access.kubeconfigPath, 'utf8'))
      .clusters[0].cluster.server;
    expect((await fetch(`${url}/version`)).status).toBe(200);
    const second = aProcess();
    await second.start();
    await new Promise(resolve => setTimeout(resolve, 1_500));

    let sawTwo = false;
    const watcher = setInterval(() => {
      sawTwo ||= leads(first) && leads(second);
    }, 1);
    const stalledAt = performance.now();
    link.stall();
    await eventually(() => expect(leads(first)).toBe(false));
    expect(performance.now() - stalledAt).toBeLessThan(2_500);
    expect((await fetch(`${url}/version`)).status).toBe(503);
    await eventually(() => expect(leads(second)).toBe(true), 10_000);
    expect(performance.now() - stalledAt).toBeGreaterThan(1_500);
    link.resume();
    await new Promise(resolve => setTimeout(resolve, 3_000));
    expect(leads(second)).toBe(true);
    clearInterval(watcher);
    expect(sawTwo).toBe(false);
    expect(access.requestCount).toBe(1);

    await access.close();
    await first.stop();
    await second.stop();
    await link.close();
    clusters = aProcess();
    await clusters.start();
    connection = clusters.get('lab')!;
    await eventually(() => expect(leads(clusters)).toBe(true));
  });

  describe('with the real helm', () => {
    const account = {
      user: 'system:serviceaccount:data:lattice-packages',
      groups: [
        'system:serviceaccounts',
        'system:serviceaccounts:data',
        'system:authenticated',
      ],
    };
    let helm: string;
    let chart: string;

    beforeAll(async () => {
      helm = (await ensurePart('helm4')).programs.helm;
      chart = join(dir, 'chart');
      await mkdir(join(chart, 'templates'), { recursive: true });
      await writeFile(
        join(chart, 'Chart.yaml'),
        'apiVersion: v2\nname: note\nversion: 1.0.0\n',
      );
      await writeFile(
        join(chart, 'templates', 'map.yaml'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note}\ndata: {text: hello}\n',
      );
      await connection.client.create(SERVICE_ACCOUNTS, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace: 'data', name: 'lattice-packages' },
      });
      await connection.client.create(AUDIENCE, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { namespace: 'data', name: 'lattice-packages' },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'admin',
        },
        subjects: [
          {
            kind: 'ServiceAccount',
            namespace: 'data',
            name: 'lattice-packages',
          },
        ],
      });
    });

    /** Runs helm with nothing in its environment but a home of its own. */
    const runHelm = (kubeconfig: string, ...args: string[]) =>
      run(helm, [...args, '--kubeconfig', kubeconfig], {
        env: { HOME: dir, PATH: '/usr/bin:/bin' },
      });

    /** What the API server noted of helm; the proxy keeps the name under which a client presents itself. */
    const auditedOfHelm = async () =>
      (await readFile(lab.auditLog, 'utf8'))
        .split('\n')
        .filter(line => line.includes('"userAgent":"Helm/'))
        .map(line => JSON.parse(line));

    it('installs through the proxy as the account of the package', async () => {
      const access = await connection.openAccess(account);
      await runHelm(
        access.kubeconfigPath,
        'install',
        'note',
        chart,
        '-n',
        'data',
      );
      const map = await connection.client.get(CONFIG_MAPS, {
        namespace: 'data',
        name: 'note',
      });
      expect(map?.data).toEqual({ text: 'hello' });
      const { stdout } = await runHelm(
        access.kubeconfigPath,
        'list',
        '-n',
        'data',
        '-o',
        'json',
      );
      expect(JSON.parse(stdout)).toMatchObject([
        { name: 'note', revision: '1', status: 'deployed' },
      ]);
      expect(access.requestCount).toBeGreaterThan(3);
      await eventually(async () => {
        const events = await auditedOfHelm();
        expect(events.map(({ verb }) => verb)).toContain('create');
        const actors = events.map(event => event.impersonatedUser?.username);
        expect(new Set(actors)).toEqual(new Set([account.user]));
        expect(events.length).toBe(access.requestCount);
      });
      await access.close();
      await expect(
        runHelm(access.kubeconfigPath, 'list', '-n', 'data'),
      ).rejects.toThrow();
    });

    it('has no more rights than that account', async () => {
      const access = await connection.openAccess(account);
      await expect(
        runHelm(access.kubeconfigPath, 'install', 'x', chart, '-n', 'commerce'),
      ).rejects.toThrow(/forbidden/);
      await access.close();
    });

    it('is cut off when this process may not act any more', async () => {
      const observer = aProcess('observe');
      await observer.start();
      const access = await observer.get('lab')!.openAccess(account);
      const before = (await auditedOfHelm()).length;
      await expect(
        runHelm(access.kubeconfigPath, 'uninstall', 'note', '-n', 'data'),
      ).rejects.toThrow();
      expect(access.requestCount).toBe(0);
      expect(await auditedOfHelm()).toHaveLength(before);
      await access.close();
      await observer.stop();
    });
  });
});

function widgetDefinition(): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  };
}
