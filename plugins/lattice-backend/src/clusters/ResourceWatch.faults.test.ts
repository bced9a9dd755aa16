import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Clock, systemClock } from './clock';
import { endpointFromSettings } from './endpoint';
import { eventually } from './eventually';
import { HttpTransport } from './HttpTransport';
import { ObjectChange } from './ObjectStore';
import { HttpResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { answerStatus, ScriptedApiServer } from './ScriptedApiServer';
import { ResourceKind } from './types';

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const MAPS = '/api/v1/configmaps';
const timing = {
  watchSeconds: { min: 300, max: 600 },
  graceMs: 5_000,
  silenceMs: 10_000,
  backoff: { baseMs: 5, maxMs: 20 },
  notServedMs: 30,
};

function aMap(name: string, value = 'a'): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { value },
  };
}

describe('ResourceWatch under faults that a server does not produce on demand', () => {
  let server: ScriptedApiServer;
  let transport: HttpTransport;
  let watch: ResourceWatch;
  let logger: ReturnType<typeof mockServices.logger.mock>;
  let changes: ObjectChange[];
  /** Pauses between attempts, as asked of the clock; none is really longer than 20 ms. */
  let pauses: number[];

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    server.serve(MAPS);
    transport = new HttpTransport(endpointFromSettings({ url: server.url }));
    logger = mockServices.logger.mock();
    changes = [];
    pauses = [];
    const clock: Clock = {
      ...systemClock,
      setTimer: (callback, ms) => {
        if (ms === timing.silenceMs || ms > 300_000) {
          return systemClock.setTimer(callback, ms);
        }
        pauses.push(ms);
        return systemClock.setTimer(callback, Math.min(ms, 20));
      },
    };
    watch = new ResourceWatch({
      kind: CONFIG_MAPS,
      reader: new HttpResourceReader({
        cluster: 'one',
        transport,
        pageSize: 2,
      }),
      logger,
      clock,
      random: () => 0.5,
      timing,
    });
    watch.onChange(change => changes.push(change));
  });

  afterEach(async () => {
    await watch.stop();
    await transport.close();
    await server.close();
  });

  async function run() {
    watch.start();
    await watch.synced();
    await eventually(() => expect(server.watchCount).toBe(1));
  }

  const held = () =>
    watch
      .list()
      .map(
        ({ metadata, data }) =>
          `${metadata.name}=${(data as { value: string }).value}`,
      )
      .sort();
  const told = () =>
    changes.map(({ before, after }) => {
      const { name } = (after ?? before)!.metadata;
      return `${name}: ${valueOf(before)} -> ${valueOf(after)}`;
    });
  const lists = () =>
    server.requests.filter(({ url }) => !url.searchParams.has('watch'));

  it('tells an event that comes twice once', async () => {
    await run();
    server.put(MAPS, aMap('x', '1'));
    server.put(MAPS, aMap('x', '2'));
    server.repeat(MAPS, 2);
    server.repeat(MAPS, 1);
    server.put(MAPS, aMap('y', '1'));
    await eventually(() => expect(held()).toEqual(['x=2', 'y=1']));
    expect(told()).toEqual(['x: none -> 1', 'x: 1 -> 2', 'y: none -> 1']);
    expect(lists()).toHaveLength(1);
  });

  it('keeps the newer of two events of one object that come the wrong way around', async () => {
    await run();
    server.inReverse(() => {
      server.put(MAPS, aMap('x', '1'));
      server.put(MAPS, aMap('x', '2'));
    });
    server.put(MAPS, aMap('y', '1'));
    await eventually(() => expect(held()).toEqual(['x=2', 'y=1']));
    expect(told()).toEqual(['x: none -> 2', 'y: none -> 1']);
    expect(lists()).toHaveLength(1);
  });

  it('does not bring back to life what an earlier event, come late, tells of', async () => {
    await run();
    server.inReverse(() => {
      server.put(MAPS, aMap('x', '1'));
      server.remove(MAPS, { namespace: 'default', name: 'x' });
    });
    await eventually(() => expect(lists()).toHaveLength(2));
    await eventually(() => expect(watch.isComplete).toBe(true));
    expect(held()).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('lists everything again when events of several objects come out of order', async () => {
    await run();
    server.inReverse(() => {
      server.put(MAPS, aMap('x', '1'));
      server.put(MAPS, aMap('y', '1'));
    });
    await eventually(() => expect(held()).toEqual(['x=1', 'y=1']));
    expect(lists()).toHaveLength(2);
  });

  it('waits as long as the server asks in a storm of 429, and no request more is sent', async () => {
    const storm = 5;
    for (let count = 0; count < storm; count++) {
      server.once((_request, response) =>
        answerStatus(response, 429, {}, { 'retry-after': '7' }),
      );
    }
    server.put(MAPS, aMap('x'));
    watch.start();
    await eventually(() => expect(pauses).toContain(7_000));
    await run();
    expect(pauses.filter(ms => ms >= 7_000)).toHaveLength(storm);
    expect(lists()).toHaveLength(storm + 1);
    expect(watch.error).toBeUndefined();
  });

  it('waits as long as the server asks before it watches again, and stays complete meanwhile', async () => {
    server.put(MAPS, aMap('x'));
    await run();
    server.once((_request, response) =>
      answerStatus(response, 429, {}, { 'retry-after': '9' }),
    );
    server.cut();
    await eventually(() => expect(pauses).toContain(9_000));
    expect(watch.isComplete).toBe(true);
    await eventually(() => expect(server.watchCount).toBe(1));
    expect(lists()).toHaveLength(1);
  });

  it('begins a list anew, later each time, as often as its continuation expires', async () => {
    for (const name of ['a', 'b', 'c']) {
      server.put(MAPS, aMap(name));
    }
    let expired = 0;
    const expire = () =>
      server.once(({ url }, response) => {
        if (!url.searchParams.has('continue')) {
          return false;
        }
        expired += 1;
        server.remove(MAPS, { namespace: 'default', name: 'a' });
        if (expired < 4) {
          expire();
        }
        answerStatus(response, 410, { reason: 'Expired' });
        return undefined;
      });
    expire();
    server.put(MAPS, aMap('d'));
    watch.start();
    await eventually(() => expect(expired).toBe(1));
    server.put(MAPS, aMap('e'));
    await watch.synced();
    expect(held()).toEqual(['b=a', 'c=a', 'd=a', 'e=a']);
    expect(told().sort()).toEqual(
      ['b', 'c', 'd', 'e'].map(name => `${name}: none -> a`),
    );
    expect(expired).toBe(4);
    expect(pauses.slice(0, 4)).toEqual([0, 7.5, 15, 15]);
  });

  it('serves nothing of a first list until its last page has come', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      server.put(MAPS, aMap(name));
    }
    const release = holdLastPage();
    let isSynced = false;
    watch.start();
    const synced = watch.synced().then(() => {
      isSynced = true;
    });
    const answer = await release.reached;
    expect(watch.isComplete).toBe(false);
    expect(isSynced).toBe(false);
    expect(held()).toEqual([]);
    expect(told()).toEqual([]);
    answer();
    await synced;
    expect(held()).toHaveLength(5);
  });

  it('serves what it held, and says that it is not complete, until a slow list after a gap has ended', async () => {
    server.put(MAPS, aMap('old'));
    await run();
    const release = holdLastPage();
    server.stall();
    server.remove(MAPS, { namespace: 'default', name: 'old' });
    for (const name of ['a', 'b', 'c']) {
      server.put(MAPS, aMap(name));
    }
    server.compact();
    server.cut();
    const answer = await release.reached;
    expect(watch.isComplete).toBe(false);
    expect(held()).toEqual(['old=a']);
    answer();
    await eventually(() => expect(watch.isComplete).toBe(true));
    expect(held()).toEqual(['a=a', 'b=a', 'c=a']);
  });

  it.each([
    [
      'cut within its JSON',
      '{"kind":"List","metadata":{"resourceVersion":"1"},"it',
    ],
    ['no list', '{"kind":"Status"}'],
    ['without a version', '{"kind":"List","metadata":{},"items":[]}'],
  ])('takes no list that is %s', async (_title, body) => {
    server.put(MAPS, aMap('x'));
    server.once((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    watch.start();
    await watch.synced();
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('the answer'),
    );
    expect(held()).toEqual(['x=a']);
    expect(told()).toEqual(['x: none -> a']);
  });

  /** Keeps the answer to the second page back. */
  function holdLastPage() {
    let tell: (answer: () => void) => void = () => {};
    const reached = new Promise<() => void>(resolve => {
      tell = resolve;
    });
    server.once((request, response) => {
      if (!request.url.searchParams.has('continue')) {
        return false;
      }
      tell(() => server.answer(request, response));
      return undefined;
    });
    return { reached };
  }
});

function valueOf(object: KubernetesObject | undefined): string {
  return object ? (object.data as { value: string }).value : 'none';
}
