import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import fc from 'fast-check';
import { systemClock } from './clock';
import { endpointFromSettings } from './endpoint';
import { eventually } from './eventually';
import { HttpTransport } from './HttpTransport';
import { ObjectChange, storeKey } from './ObjectStore';
import { HttpResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { answerStatus, ScriptedApiServer } from './ScriptedApiServer';
import { ResourceKind } from './types';

const RUNS = Number(process.env.LATTICE_PROPERTY_RUNS ?? 40);
const SEED = Number(
  process.env.LATTICE_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31),
);

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
  silenceMs: 40,
  backoff: { baseMs: 1, maxMs: 8 },
  notServedMs: 5,
};

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const aName = fc.constantFrom(...NAMES);
const aWrite = fc.record({
  op: fc.constantFrom('put' as const, 'remove' as const),
  name: aName,
});
const aStep = fc.oneof(
  { weight: 6, arbitrary: aWrite },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constantFrom(
        'compact' as const,
        'cut' as const,
        'endWatches' as const,
        'stall' as const,
        'garbage' as const,
        'truncate' as const,
        'gone' as const,
        'goneEvent' as const,
        'refuse' as const,
        'throttle' as const,
        'slow' as const,
        'vanish' as const,
        'wait' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('repeat' as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('reverse' as const),
      writes: fc.array(aWrite, { minLength: 2, maxLength: 4 }),
    }),
  },
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;
type Write = typeof aWrite extends fc.Arbitrary<infer T> ? T : never;

/** A scripted server, a watch of it, and what its listener has been told. */
class World {
  readonly #server: ScriptedApiServer;
  readonly #transport: HttpTransport;
  readonly #watch: ResourceWatch;
  readonly #told = new Map<string, KubernetesObject>();
  readonly #faults: string[] = [];
  #value = 0;

  private constructor(server: ScriptedApiServer) {
    this.#server = server;
    this.#transport = new HttpTransport(
      endpointFromSettings({ url: server.url }),
    );
    this.#watch = new ResourceWatch({
      kind: CONFIG_MAPS,
      reader: new HttpResourceReader({
        cluster: 'one',
        transport: this.#transport,
        pageSize: 2,
      }),
      logger: mockServices.logger.mock(),
      clock: systemClock,
      random: Math.random,
      timing,
    });
    this.#watch.onChange(change => this.#hear(change));
  }

  static async start(): Promise<World> {
    const server = await ScriptedApiServer.start();
    server.serve(MAPS);
    const world = new World(server);
    world.#watch.start();
    return world;
  }

  async take(step: Step): Promise<void> {
    switch (step.op) {
      case 'put':
      case 'remove':
        return this.#write(step);
      case 'reverse':
        return this.#server.inReverse(() =>
          step.writes.forEach(write => this.#write(write)),
        );
      case 'repeat':
        return this.#server.repeat(MAPS, step.count);
      case 'wait':
        return new Promise(resolve => setTimeout(resolve, 5));
      default:
        return this.#disturb(step.op);
    }
  }

  #disturb(op: Exclude<Step['op'], Write['op'] | 'reverse' | 'repeat'>): void {
    const server = this.#server;
    switch (op) {
      case 'garbage':
        return server.sendRaw('{"type":"ADDED","object":{"metadata":{}}}\n');
      case 'truncate':
        server.sendRaw('{"type":"ADDED","object":{"metadata":{"name":"ha');
        return server.endWatches();
      case 'goneEvent':
        return server.sendRaw(
          '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n',
        );
      case 'gone':
        return server.once((_request, response) =>
          answerStatus(response, 410, { reason: 'Expired' }),
        );
      case 'refuse':
        return server.once((_request, response) =>
          answerStatus(response, 500, { message: 'etcd is away' }),
        );
      case 'throttle':
        return server.once((_request, response) =>
          answerStatus(response, 429, {}, { 'retry-after': '0' }),
        );
      case 'slow':
        return server.delayNext(10);
      case 'vanish':
        return server.once((_request, response) =>
          answerStatus(response, 404, { reason: 'NotFound' }),
        );
      case 'wait':
        return undefined;
      default:
        return server[op]();
    }
  }

  /** Makes one last change, which the cache must reach. */
  writeLast(): void {
    this.#write({ op: 'put', name: 'last' });
  }

  get isComplete(): boolean {
    return this.#watch.isComplete;
  }

  /** The same objects as the server, the cache, one namespace of it and the listener hold them, and what went wrong. */
  views() {
    return {
      server: versions(this.#server.objects(MAPS)),
      cache: versions(this.#watch.list()),
      namespace: versions(this.#watch.list('default')),
      told: versions(this.#told.values()),
      faults: this.#faults,
    };
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
    await this.#transport.close();
    await this.#server.close();
  }

  #write({ op, name }: { op: Write['op']; name: string }): void {
    const metadata = { name, namespace: 'default' };
    if (op === 'remove') {
      this.#server.remove(MAPS, metadata);
      return;
    }
    this.#value += 1;
    this.#server.put(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { value: String(this.#value) },
    });
  }

  /** Each change must lead on from what was told before. */
  #hear({ before, after }: ObjectChange): void {
    const key = storeKey((after ?? before)!.metadata);
    if (this.#told.get(key) !== before) {
      this.#faults.push(`${key}: told a change from something else`);
    }
    if (after) {
      this.#told.set(key, after);
    } else {
      this.#told.delete(key);
    }
  }
}

function versions(objects: Iterable<KubernetesObject>): Record<string, string> {
  return Object.fromEntries(
    [...objects]
      .map(({ metadata }): [string, string] => [
        metadata.name,
        `${metadata.uid}@${metadata.resourceVersion}`,
      ])
      .sort(),
  );
}

describe('ResourceWatch under any sequence of events and faults', () => {
  jest.setTimeout(120_000);

  it(`holds in the end what the server holds, and has told exactly that (seed ${SEED}, ${RUNS} runs)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { maxLength: 25 }), async steps => {
        const world = await World.start();
        try {
          for (const step of steps) {
            await world.take(step);
          }
          world.writeLast();
          await eventually(() => {
            const { server, cache } = world.views();
            expect(world.isComplete).toBe(true);
            expect(cache).toEqual(server);
          }, 10_000);
          const { server, namespace, told, faults } = world.views();
          expect([namespace, told]).toEqual([server, server]);
          expect(faults).toEqual([]);
        } finally {
          await world.stop();
        }
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  });
});
