import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Lab, startLab } from 'lab';
import { Clusters, createClusters } from './createClusters';
import { eventually } from './eventually';
import { KINDS } from './kinds';
import { answerJson, ScriptedApiServer } from './ScriptedApiServer';
import { StallableLink } from './StallableLink';
import { ResourceCache, ResourceKind } from './types';
import { DEFAULT_WATCH_TIMING } from './watchTiming';

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const MAPS = '/api/v1/configmaps';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const KINDS_READ = [CONFIG_MAPS, KINDS.Namespace, KINDS.LatticePackage];
const LAB_START_MS = 900_000;
const RECOVERY_MS = 60_000;
/** A twentieth of the usual times. */
const timing = {
  ...DEFAULT_WATCH_TIMING,
  silenceMs: 5_000,
  backoff: { baseMs: 50, maxMs: 1_000 },
};

/** Order does not matter, and no cache keeps managedFields. */
function comparable(objects: readonly KubernetesObject[]): string[] {
  return objects
    .map(({ metadata }) =>
      [
        metadata.namespace,
        metadata.name,
        metadata.uid,
        metadata.resourceVersion,
      ].join(' '),
    )
    .sort();
}

describe('faults of a real API server', () => {
  jest.setTimeout(240_000);
  let dir: string;
  let lab: Lab;
  let link: StallableLink;
  let other: ScriptedApiServer;
  let clusters: Clusters;

  afterAll(async () => {
    await clusters?.stop();
    await link?.close();
    await other?.close();
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  function aProcess(): Clusters {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    return createClusters({
      clusters: [
        { name: 'lab', mode: 'observe', kubeconfig: join(dir, 'linked') },
        { name: 'other', mode: 'observe', endpoint: { url: other.url } },
      ],
      logger,
      watchTiming: timing,
    });
  }

  async function anotherCluster(): Promise<ScriptedApiServer> {
    const server = await ScriptedApiServer.start();
    server.serve(MAPS);
    server.serve(DEFINITIONS);
    server.always(({ url }, response) =>
      url.pathname === '/api/v1/namespaces/kube-system'
        ? answerJson(response, 200, { metadata: { uid: 'other' } })
        : false,
    );
    return server;
  }

  const caches = (name: string, of = clusters): ResourceCache[] =>
    KINDS_READ.map(kind => of.get(name)!.cache(kind));
  const otherCache = () => clusters.get('other')!.cache(CONFIG_MAPS);

  let writes = 0;
  /** One object comes, one changes, one goes. */
  async function writeSome(): Promise<void> {
    writes += 1;
    const map = (name: string) => ['configmap', '-n', 'default', name];
    await lab.kubectl(['create', ...map(`map-${writes}`)]);
    await lab.kubectl(['label', ...map(`map-${writes}`), `round=${writes}`]);
    if (writes > 2) {
      await lab.kubectl(['delete', ...map(`map-${writes - 2}`)]);
    }
  }

  /** The caches hold what the server and a process that has just started hold. */
  async function expectConverged(): Promise<void> {
    await eventually(() => {
      for (const cache of caches('lab')) {
        expect(cache.isComplete).toBe(true);
        expect(cache.error).toBeUndefined();
      }
    }, RECOVERY_MS);
    const fresh = aProcess();
    await fresh.start();
    await Promise.all(caches('lab', fresh).map(cache => cache.synced()));
    await eventually(() => {
      const held = caches('lab').map(cache => comparable(cache.list()));
      expect(held).toEqual(
        caches('lab', fresh).map(cache => comparable(cache.list())),
      );
    }, RECOVERY_MS);
    await fresh.stop();
    expect(
      clusters
        .get('lab')!
        .cache(CONFIG_MAPS)
        .get({ namespace: 'default', name: `map-${writes}` }),
    ).toBeDefined();
  }

  /** A change of the other cluster comes through while the lab's is away. */
  async function expectOtherUntouched(name: string): Promise<void> {
    other.put(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name },
    });
    await eventually(() =>
      expect(otherCache().get({ namespace: 'default', name })).toBeDefined(),
    );
    expect(otherCache().isComplete).toBe(true);
    expect(otherCache().error).toBeUndefined();
  }

  async function expectOldWithReason(before: Date): Promise<void> {
    await eventually(() => {
      for (const cache of caches('lab')) {
        expect(cache.error).toMatch(/silent|cannot be reached|no answer|HTTP/);
      }
    }, RECOVERY_MS);
    for (const cache of caches('lab')) {
      expect(cache.isComplete).toBe(true);
      expect(cache.lastSeenAt!.getTime()).toBeLessThanOrEqual(before.getTime());
    }
    expect(caches('lab')[1].list().length).toBeGreaterThan(0);
  }

  /** Stops a process of the lab; the returned function starts it again as it was. */
  async function stop(name: string, isReady: () => Promise<boolean>) {
    const command = await readFile(`/proc/${lab.pids[name]}/cmdline`, 'utf8');
    const [program, ...args] = command.replace(/\0$/, '').split('\0');
    await lab.stopProcess(name);
    return () => lab.runProcess({ name, program, args, isReady });
  }

  const isApiReady = async () =>
    (await lab.kubectl(['get', '--raw', '/readyz'])) === 'ok';

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-faults-'));
    lab = await startLab({ parts: ['cluster'], dataDir: dir });
    const text = await readFile(lab.kubeconfig, 'utf8');
    const server = /server: "?(https:\/\/[^"\s]+)/.exec(text)![1];
    link = await StallableLink.open(new URL(server));
    await writeFile(
      join(dir, 'linked'),
      text.replace(server, `https://127.0.0.1:${link.port}`),
    );
    other = await anotherCluster();
    clusters = aProcess();
    await clusters.start();
    await Promise.all([...caches('lab'), otherCache()].map(it => it.synced()));
  }, LAB_START_MS);

  it('a restart of the API server: data stays with its age and the reason, and all is caught up with', async () => {
    await writeSome();
    await expectConverged();
    const restart = await stop('kube-apiserver', isApiReady);
    await expectOldWithReason(new Date());
    await expectOtherUntouched('during-restart');
    await restart();
    await writeSome();
    await expectConverged();
  });

  it('a network that is cut: nothing is shown as new, and what happened meanwhile is caught up with', async () => {
    await writeSome();
    await expectConverged();
    link.stall();
    const cutAt = new Date();
    await writeSome();
    await writeSome();
    await expectOldWithReason(cutAt);
    await expectOtherUntouched('during-cut');
    link.resume();
    await expectConverged();
  });

  it('etcd gone and back: what was read stays complete, and the next writes come through', async () => {
    await writeSome();
    await expectConverged();
    const held = caches('lab').map(cache => comparable(cache.list()));
    const restart = await stop('etcd', async () => true);
    await expect(writeSome()).rejects.toThrow();
    writes -= 1;
    await expectOtherUntouched('without-etcd');
    expect(caches('lab').map(cache => comparable(cache.list()))).toEqual(held);
    await restart();
    await eventually(async () => {
      expect(await isApiReady()).toBe(true);
    }, RECOVERY_MS);
    await eventually(() => writeSome(), RECOVERY_MS);
    await expectConverged();
  });
});
