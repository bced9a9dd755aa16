import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ChangeSignal } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterConfig } from './ClusterConfig';
import { Clusters, createClusters } from './createClusters';
import { detectEngines } from './detectEngines';
import { eventually } from './eventually';
import { DEFAULT_WATCH_TIMING } from './watchTiming';
import { answerJson, ScriptedApiServer } from './ScriptedApiServer';
import { ResourceKind } from './types';

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const POLICIES: ResourceKind = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  plural: 'ciliumnetworkpolicies',
  namespaced: true,
};
const MAPS = '/api/v1/configmaps';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/lattice-system/leases';

/** Answers the questions for identity and Lease as a cluster with this UID, for as long as it runs. */
function actAsCluster(server: ScriptedApiServer, uid: string): void {
  const answer = () =>
    server.once((request, response) => {
      const { pathname } = request.url;
      if (pathname === '/api/v1/namespaces/kube-system') {
        answer();
        return answerJson(response, 200, { metadata: { uid } });
      }
      if (pathname.startsWith(LEASE)) {
        answer();
        return request.method === 'GET'
          ? answerJson(response, 404, {
              kind: 'Status',
              details: { name: 'lattice-portal' },
            })
          : answerJson(response, 200, {
              ...JSON.parse(request.body),
              metadata: { name: 'lattice-portal', resourceVersion: '1' },
            });
      }
      return false;
    });
  answer();
}

describe('createClusters', () => {
  let server: ScriptedApiServer;
  let clusters: Clusters;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.serve(MAPS);
    server.serve(DEFINITIONS);
    actAsCluster(server, 'uid-1');
  });

  afterEach(async () => {
    await clusters.stop();
    await server.close();
  });

  function aCluster(name: string, more: Partial<ClusterConfig> = {}) {
    return {
      name,
      mode: 'observe' as const,
      endpoint: { url: server.url },
      source: `lattice.clusters (${name})`,
      ...more,
    };
  }

  async function start(...configs: ClusterConfig[]): Promise<Clusters> {
    return startWith({}, configs);
  }

  async function startWith(
    options: { areControllersEnabled?: boolean },
    configs: ClusterConfig[],
  ): Promise<Clusters> {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    clusters = createClusters({
      ...options,
      clusters: configs,
      logger,
      startDeadlineMs: 200,
      watchTiming: {
        ...DEFAULT_WATCH_TIMING,
        backoff: { baseMs: 5, maxMs: 20 },
      },
    });
    await clusters.start();
    return clusters;
  }

  it('contacts nothing before it is started', async () => {
    clusters = createClusters({
      clusters: [aCluster('one')],
      logger: mockServices.logger.mock(),
    });
    expect(clusters.list().map(({ name }) => name)).toEqual(['one']);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(server.requests).toEqual([]);
  });

  it('starts with a cluster that is away, and goes on with the others', async () => {
    const away = await ScriptedApiServer.start();
    const url = away.url;
    await away.close();
    await start(aCluster('away', { endpoint: { url } }), aCluster('one'));
    expect(clusters.states()).toMatchObject([
      {
        name: 'away',
        uid: undefined,
        isRefused: false,
        error: expect.stringContaining('cannot be reached'),
      },
      { name: 'one', uid: 'uid-1', error: undefined },
    ]);
    await clusters.get('one')!.cache(CONFIG_MAPS).synced();
  });

  it('refuses the second name of one cluster, naming both sources', async () => {
    await start(aCluster('one'), aCluster('two', { mode: 'reconcile' }));
    await eventually(() => expect(clusters.list()).toHaveLength(1));
    expect(clusters.get('two')).toBeUndefined();
    expect(clusters.states()[1]).toMatchObject({
      isRefused: true,
      isLeader: false,
      error:
        'Cluster two (lattice.clusters (two)) is the same cluster as one (lattice.clusters (one)) and is not used: remove one of the two',
    });
  });

  it('names what is wrong with a configuration, and uses the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clusters-'));
    const kubeconfig = join(folder, 'config');
    await writeFile(kubeconfig, 'users: [token: "s3cr3t"\n  x: {');
    await start(
      aCluster('file', { endpoint: undefined, kubeconfig }),
      aCluster('none', { endpoint: undefined }),
      aCluster('trusting', {
        mode: 'reconcile',
        endpoint: { url: 'https://127.0.0.1:1', skipTlsVerify: true },
      }),
      aCluster('one'),
    );
    await rm(folder, { recursive: true });
    expect(clusters.list().map(({ name }) => name)).toEqual(['one']);
    const errors = clusters.states().map(({ error }) => error);
    expect(errors[0]).toMatch(/cannot be read \(not a kubeconfig\)/);
    expect(errors[1]).toMatch(/neither kubeconfig nor inCluster/);
    expect(errors[2]).toMatch(/TLS verification must not be skipped/);
    expect(errors.join()).not.toContain('s3cr3t');
  });

  it('counts revisions and signals at most once a second, but always the last one', async () => {
    const signals: ChangeSignal[] = [];
    await start(aCluster('one'));
    const connection = clusters.get('one')!;
    await connection.cache(CONFIG_MAPS).synced();
    await new Promise(resolve => setTimeout(resolve, 1_100));
    clusters.onChange(signal => signals.push(signal));
    const before = connection.revision;
    for (let index = 0; index < 50; index++) {
      server.put(MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `m${index}`, namespace: 'a' },
      });
    }
    await eventually(() => expect(connection.revision).toBe(before + 50));
    expect(signals.length).toBeLessThanOrEqual(1);
    await eventually(() =>
      expect(signals.at(-1)).toEqual({
        cluster: 'one',
        revision: before + 50,
      }),
    );
    expect(signals.length).toBeLessThanOrEqual(2);
  });

  it('sees engines appear, and wakes the cache of a kind as soon as it is defined', async () => {
    await start(aCluster('one'));
    const connection = clusters.get('one')!;
    const policies = connection.cache(POLICIES);
    await eventually(() => expect(policies.error).toMatch(/404/));
    await eventually(() =>
      expect(detectEngines(connection)).toEqual({
        cilium: false,
        istio: false,
        externalSecrets: false,
        isComplete: true,
      }),
    );
    server.serve('/apis/cilium.io/v2/ciliumnetworkpolicies');
    server.put(DEFINITIONS, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'ciliumnetworkpolicies.cilium.io' },
      spec: { group: 'cilium.io', names: { plural: 'ciliumnetworkpolicies' } },
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    });
    await policies.synced();
    expect(detectEngines(connection).cilium).toBe(true);
  });

  it('leads and opens a way for helm in reconcile mode, never in observe mode', async () => {
    const other = await ScriptedApiServer.start();
    actAsCluster(other, 'uid-2');
    await start(
      aCluster('one'),
      aCluster('two', { mode: 'reconcile', endpoint: { url: other.url } }),
    );
    await eventually(() =>
      expect(clusters.leadership('two').isLeader()).toBe(true),
    );
    expect(clusters.leadership('one').isLeader()).toBe(false);
    expect(clusters.leadership('unknown').isLeader()).toBe(false);
    const as = { user: 'u', groups: [] };
    const access = await clusters.get('two')!.openAccess(as);
    await access.close();
    await clusters.stop();
    expect(clusters.leadership('two').isLeader()).toBe(false);
    const writes = server.requests.filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
    await other.close();
  });

  it('reads with one credential and acts with the other', async () => {
    await start(
      aCluster('one', {
        mode: 'reconcile',
        auth: { read: { token: 'reader' }, reconcile: { token: 'actor' } },
      }),
    );
    await clusters.get('one')!.cache(CONFIG_MAPS).synced();
    await eventually(() =>
      expect(clusters.leadership('one').isLeader()).toBe(true),
    );
    const tokensAt = (path: string) => [
      ...new Set(
        server.requests
          .filter(({ url }) => url.pathname.startsWith(path))
          .map(({ headers }) => headers.authorization),
      ),
    ];
    expect(tokensAt(MAPS)).toEqual(['Bearer reader']);
    expect(tokensAt(LEASE)).toEqual(['Bearer actor']);
  });

  it('stands for no Lease, loads nothing to act with and writes nothing where no controllers run', async () => {
    await startWith({ areControllersEnabled: false }, [
      aCluster('one', {
        mode: 'reconcile',
        auth: {
          read: { token: 'reader' },
          reconcile: { kubeconfig: '/there/is/no/such/file' },
        },
      }),
    ]);
    await clusters.get('one')!.cache(CONFIG_MAPS).synced();
    const { client } = clusters.get('one')!;
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    };
    await expect(client.create(CONFIG_MAPS, map)).rejects.toThrow();
    expect(clusters.states()[0]).toMatchObject({
      error: undefined,
      isLeader: false,
    });
    expect(server.requests.some(({ method }) => method !== 'GET')).toBe(false);
    expect(
      server.requests.some(({ url }) => url.pathname.startsWith(LEASE)),
    ).toBe(false);
  });

  it('shows a cluster that has a problem by its name alone', async () => {
    await start(
      aCluster('one'),
      aCluster('two', { problem: 'needs a controller credential' }),
    );
    expect(clusters.list().map(({ name }) => name)).toEqual(['one']);
    expect(clusters.states()[1]).toMatchObject({
      name: 'two',
      error: 'needs a controller credential',
      isRefused: true,
    });
  });

  it('stops with nothing left open', async () => {
    await start(aCluster('one'));
    await clusters.get('one')!.cache(CONFIG_MAPS).synced();
    await clusters.stop();
    await eventually(() => expect(server.connectionCount).toBe(0));
  });
});
