import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { systemClock } from './clock';
import { endpointFromSettings } from './endpoint';
import { eventually } from './eventually';
import { HttpTransport } from './HttpTransport';
import { ObjectChange } from './ObjectStore';
import { HttpResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { ResourceWatchTiming } from './watchTiming';
import { answerStatus, ScriptedApiServer } from './ScriptedApiServer';
import { ResourceKind } from './types';

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const SECRETS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
};
const PODS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};
const MAPS = '/api/v1/configmaps';

const quickTiming: ResourceWatchTiming = {
  watchSeconds: { min: 300, max: 600 },
  graceMs: 5_000,
  silenceMs: 10_000,
  backoff: { baseMs: 5, maxMs: 20 },
  notServedMs: 30,
};

function aMap(
  name: string,
  value = 'a',
  namespace = 'default',
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, managedFields: [{ manager: 'kubectl' }] },
    data: { value },
  };
}

describe('ResourceWatch', () => {
  let server: ScriptedApiServer;
  let transport: HttpTransport;
  let watch: ResourceWatch;
  let changes: ObjectChange[];

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.serve(MAPS);
    transport = new HttpTransport(endpointFromSettings({ url: server.url }));
    changes = [];
  });

  afterEach(async () => {
    await watch.stop();
    await transport.close();
    await server.close();
  });

  function aWatch(
    kind = CONFIG_MAPS,
    timing: Partial<ResourceWatchTiming> = {},
  ): ResourceWatch {
    watch = new ResourceWatch({
      kind,
      reader: new HttpResourceReader({ cluster: 'one', transport }),
      logger: mockServices.logger.mock(),
      clock: systemClock,
      random: Math.random,
      timing: { ...quickTiming, ...timing },
    });
    watch.onChange(change => changes.push(change));
    return watch;
  }

  async function aRunningWatch(kind = CONFIG_MAPS) {
    aWatch(kind).start();
    await watch.synced();
    await eventually(() => expect(server.watchCount).toBe(1));
    return watch;
  }

  function valuesHeld(): Record<string, unknown> {
    return Object.fromEntries(
      watch
        .list()
        .map(({ metadata, data }) => [
          metadata.name,
          (data as { value: string }).value,
        ]),
    );
  }

  const listRequests = () =>
    server.requests.filter(({ url }) => !url.searchParams.has('watch'));
  const watchRequests = () =>
    server.requests.filter(({ url }) => url.searchParams.has('watch'));

  it('reads all pages before it is complete, and gives items their kind', async () => {
    for (let index = 0; index < 1201; index++) {
      server.put(MAPS, aMap(`map-${index}`));
    }
    aWatch();
    expect(watch.isComplete).toBe(false);
    expect(watch.error).toBe('not listed yet');
    watch.start();
    await watch.synced();

    expect(watch.list()).toHaveLength(1201);
    expect(listRequests()).toHaveLength(7);
    expect(watch.isComplete).toBe(true);
    expect(watch.error).toBeUndefined();
    expect(watch.get({ namespace: 'default', name: 'map-7' })).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
    });
    expect(changes).toHaveLength(1201);
  });

  it('starts over when the continuation of a list expires', async () => {
    for (let index = 0; index < 600; index++) {
      server.put(MAPS, aMap(`map-${index}`));
    }
    server.once(({ url }, response) =>
      url.searchParams.has('continue')
        ? answerStatus(response, 410, { reason: 'Expired' })
        : false,
    );
    aWatch().start();
    await watch.synced();
    expect(watch.list()).toHaveLength(600);
  });

  it('follows events, drops managedFields, freezes objects and indexes by namespace', async () => {
    server.put(MAPS, aMap('old'));
    await aRunningWatch();
    server.put(MAPS, aMap('new', 'a', 'other'));
    server.put(MAPS, aMap('new', 'b', 'other'));
    server.remove(MAPS, { namespace: 'default', name: 'old' });
    await eventually(() => expect(valuesHeld()).toEqual({ new: 'b' }));

    expect(changes.map(({ before, after }) => [!!before, !!after])).toEqual([
      [false, true],
      [false, true],
      [true, true],
      [true, false],
    ]);
    expect(watch.list('other')).toHaveLength(1);
    expect(watch.list('default')).toEqual([]);
    const held = watch.list('other')[0];
    expect(held.metadata.managedFields).toBeUndefined();
    expect(Object.isFrozen(held.data)).toBe(true);
  });

  it('resumes from the last version after the connection was cut', async () => {
    await aRunningWatch();
    server.put(MAPS, aMap('one'));
    await eventually(() => expect(valuesHeld()).toEqual({ one: 'a' }));
    server.cut();
    server.put(MAPS, aMap('two'));
    await eventually(() =>
      expect(valuesHeld()).toEqual({ one: 'a', two: 'a' }),
    );
    expect(listRequests()).toHaveLength(1);
    expect(watch.isComplete).toBe(true);
  });

  it('moves its version with bookmarks', async () => {
    await aRunningWatch();
    server.sendRaw(
      '{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"4711"}}}\n',
    );
    await new Promise(resolve => setTimeout(resolve, 20));
    server.endWatches();
    await eventually(() => expect(watchRequests()).toHaveLength(2));
    expect(watchRequests()[1].url.searchParams.get('resourceVersion')).toBe(
      '4711',
    );
  });

  it('lists again after 410 and announces only what differs', async () => {
    server.put(MAPS, aMap('gone'));
    server.put(MAPS, aMap('same'));
    await aRunningWatch();
    changes.length = 0;
    let wasIncomplete = false;
    server.once(({ url }, response) => {
      if (!url.searchParams.has('watch')) {
        return false;
      }
      server.remove(MAPS, { namespace: 'default', name: 'gone' });
      server.put(MAPS, aMap('added'));
      server.compact();
      server.once((request, _response) => {
        wasIncomplete ||=
          !request.url.searchParams.has('watch') && !watch.isComplete;
        return false;
      });
      return answerStatus(response, 410, { reason: 'Expired' });
    });
    server.endWatches();
    await eventually(() =>
      expect(valuesHeld()).toEqual({ same: 'a', added: 'a' }),
    );
    expect(wasIncomplete).toBe(true);
    expect(watch.isComplete).toBe(true);
    expect(
      changes.map(({ before, after }) => (after ?? before)?.metadata.name),
    ).toEqual(['added', 'gone']);
  });

  it('lists again after an ERROR event', async () => {
    await aRunningWatch();
    server.sendRaw(
      '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}\n',
    );
    await eventually(() => expect(listRequests()).toHaveLength(2));
    await eventually(() => expect(watch.isComplete).toBe(true));
  });

  it('opens a half-open watch anew, without a list', async () => {
    aWatch(CONFIG_MAPS, { silenceMs: 100 }).start();
    await watch.synced();
    await eventually(() => expect(server.watchCount).toBe(1));
    server.isSilent = true;
    server.put(MAPS, aMap('unheard'));
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(valuesHeld()).toEqual({});
    server.isSilent = false;
    await eventually(() => expect(valuesHeld()).toEqual({ unheard: 'a' }));
    expect(listRequests()).toHaveLength(1);
  });

  it('loses no event when JSON is cut or broken', async () => {
    await aRunningWatch();
    server.sendRaw('{"type":"ADDED","object":{"metadata":{"name":"half');
    server.endWatches();
    server.put(MAPS, aMap('one'));
    await eventually(() => expect(valuesHeld()).toEqual({ one: 'a' }));
    await eventually(() => expect(server.watchCount).toBe(1));
    server.sendRaw('not json\n');
    server.put(MAPS, aMap('two'));
    await eventually(() =>
      expect(valuesHeld()).toEqual({ one: 'a', two: 'a' }),
    );
    expect(listRequests()).toHaveLength(1);
  });

  it('reads events that arrive in pieces', async () => {
    await aRunningWatch();
    const line = Buffer.from(
      `${JSON.stringify({
        type: 'ADDED',
        object: {
          ...aMap('x', 'grüße'),
          metadata: { name: 'x', namespace: 'n', resourceVersion: '999' },
        },
      })}\n`,
    );
    for (const byte of line) {
      server.sendRaw(Buffer.from([byte]) as unknown as string);
    }
    await eventually(() => expect(valuesHeld()).toEqual({ x: 'grüße' }));
  });

  it('keeps trying through server errors, and says why meanwhile', async () => {
    let failures = 4;
    const fail = () =>
      server.once((_request, response) => {
        failures -= 1;
        if (failures > 0) {
          fail();
        }
        answerStatus(response, 500, { message: 'etcd: secret detail' });
      });
    fail();
    aWatch().start();
    await eventually(() => expect(watch.error).toMatch(/HTTP 500/));
    expect(watch.error).not.toContain('secret detail');
    await watch.synced();
    expect(watch.error).toBeUndefined();
  });

  it('keeps its content, complete but with an error, while the server is away', async () => {
    server.put(MAPS, aMap('kept'));
    await aRunningWatch();
    const { url } = server;
    await server.close();
    await eventually(() => expect(watch.error).toMatch(/cannot be reached/));
    expect(watch.isComplete).toBe(true);
    expect(valuesHeld()).toEqual({ kept: 'a' });
    expect(watch.lastSeenAt).toBeInstanceOf(Date);
    expect(url).toContain('127.0.0.1');
  });

  it('waits for a kind that is not served, and comes alive when it is', async () => {
    server.unserve(MAPS);
    aWatch().start();
    await eventually(() => expect(watch.error).toMatch(/HTTP 404/));
    expect(watch.isComplete).toBe(false);
    server.serve(MAPS);
    server.put(MAPS, aMap('late'));
    await watch.synced();
    expect(valuesHeld()).toEqual({ late: 'a' });
  });

  it('cuts the wait for a kind short when told that it is defined', async () => {
    server.unserve(MAPS);
    aWatch(CONFIG_MAPS, { notServedMs: 600_000 }).start();
    await eventually(() => expect(watch.error).toMatch(/HTTP 404/));
    server.serve(MAPS);
    await eventually(() => {
      watch.retryNow();
      expect(watch.isComplete).toBe(true);
    });
  });

  it('is incomplete again when a kind vanishes', async () => {
    await aRunningWatch();
    server.unserve(MAPS);
    await eventually(() => expect(watch.isComplete).toBe(false));
    expect(watch.error).toMatch(/HTTP 404/);
  });

  it('goes on when a listener throws', async () => {
    aWatch();
    watch.onChange(() => {
      throw new Error('listener');
    });
    const seen: ObjectChange[] = [];
    watch.onChange(change => seen.push(change));
    watch.start();
    await watch.synced();
    server.put(MAPS, aMap('one'));
    await eventually(() => expect(seen).toHaveLength(1));
  });

  it('asks for metadata of Secrets alone, and holds nothing else even when more comes', async () => {
    server.serve('/api/v1/secrets');
    server.put('/api/v1/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'db',
        namespace: 'data',
        annotations: {
          keep: 'yes',
          'kubectl.kubernetes.io/last-applied-configuration': '{"data":"x"}',
        },
      },
      data: { password: 'c2VjcmV0' },
    });
    await aRunningWatch(SECRETS);
    expect(server.requests[0].headers.accept).toContain(
      'PartialObjectMetadataList',
    );
    expect(server.requests[1].headers.accept).toContain(
      'as=PartialObjectMetadata;',
    );
    const held = watch.list()[0];
    expect(held).toMatchObject({ apiVersion: 'v1', kind: 'Secret' });
    expect(held.data).toBeUndefined();
    expect(held.metadata.annotations).toEqual({ keep: 'yes' });
  });

  it('keeps of Pods what policies need', async () => {
    server.serve('/api/v1/pods');
    server.put('/api/v1/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'data', labels: { app: 'x' } },
      spec: {
        containers: [
          { name: 'c', image: 'i', ports: [{ containerPort: 80 }], env: [{}] },
        ],
        serviceAccountName: 'sa',
        nodeName: 'n1',
        hostNetwork: true,
        volumes: [{}],
      },
      status: { phase: 'Running', podIP: '10.0.0.1' },
    });
    await aRunningWatch(PODS);
    expect(watch.list()[0]).toMatchObject({
      metadata: { labels: { app: 'x' } },
      spec: {
        containers: [{ name: 'c', ports: [{ containerPort: 80 }] }],
        serviceAccountName: 'sa',
        nodeName: 'n1',
        hostNetwork: true,
      },
      status: { phase: 'Running' },
    });
    expect(JSON.stringify(watch.list()[0])).not.toMatch(/env|volumes|podIP/);
  });

  it('leaves nothing behind when it stops, also while a request is under way', async () => {
    await aRunningWatch();
    await watch.stop();
    await transport.close();
    await eventually(() => expect(server.connectionCount).toBe(0));
    const requests = server.requests.length;
    server.put(MAPS, aMap('after'));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.requests).toHaveLength(requests);
    expect(watch.list()).toEqual([]);

    transport = new HttpTransport(endpointFromSettings({ url: server.url }));
    server.once(() => undefined); // Accepts the list and never answers.
    aWatch().start();
    await eventually(() => expect(server.requests).toHaveLength(requests + 1));
    const failure = watch.synced().catch(error => error.message);
    await watch.stop();
    expect(await failure).toMatch(/is stopped/);
    await transport.close();
    await eventually(() => expect(server.connectionCount).toBe(0));
  });
});
