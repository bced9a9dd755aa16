import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Controller, createController } from '../controllers/createController';
import { Clock, systemClock } from './clock';
import { ResourceReader } from './ResourceReader';
import { ResourceWatch } from './ResourceWatch';
import { ClusterConnection, ResourceKind } from './types';

const KIND: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const OBJECTS = 20_000;
const PAGE = 200;
/** What one object is taken to cost; with it, a turn of 5 ms has room for 50. */
const COST_MS = 0.1;
const MOST_PER_TURN = 60;

function anObject(index: number, version: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace: `n-${index % 50}`,
      name: `map-${index}`,
      uid: `${index}`,
      resourceVersion: `${version}`,
    },
  };
}

/** Counts what happens in one turn of the event loop. */
class TurnCounter {
  most = 0;
  #count = 0;
  #isOn = true;

  constructor() {
    const turn = () => {
      this.#count = 0;
      if (this.#isOn) {
        setImmediate(turn);
      }
    };
    setImmediate(turn);
  }

  add(): void {
    this.#count += 1;
    this.most = Math.max(this.most, this.#count);
  }

  stop(): void {
    this.#isOn = false;
  }
}

describe('the turns of the event loop', () => {
  let time: number;
  let version: number;
  let looks: TurnCounter;
  let told: TurnCounter;
  let passes: TurnCounter;
  let watch: ResourceWatch;
  let controller: Controller;
  let expire: () => void;
  let passed: number;
  const logger = mockServices.logger.mock();

  beforeEach(() => {
    logger.child.mockReturnValue(logger);
    time = 0;
    version = 1;
    passed = 0;
    [looks, told, passes] = [1, 2, 3].map(() => new TurnCounter());
    // Every look at the clock is one object's work.
    const clock: Clock = {
      ...systemClock,
      monotonic: () => {
        looks.add();
        time += COST_MS;
        return time;
      },
    };
    watch = new ResourceWatch({
      kind: KIND,
      reader: aReader(),
      logger,
      clock,
      random: () => 0.5,
      timing: {
        watchSeconds: { min: 300, max: 600 },
        graceMs: 5_000,
        silenceMs: 100_000,
        backoff: { baseMs: 1, maxMs: 1 },
        notServedMs: 1,
      },
    });
    watch.onChange(() => told.add());
    controller = createController({
      name: 'test',
      cluster: { name: 'one' } as ClusterConnection,
      sources: [
        {
          cache: watch,
          keysOf: ({ before, after }) => [(after ?? before)!.metadata.name],
        },
      ],
      reconcile: async () => {
        passes.add();
        passed += 1;
      },
      isActive: () => true,
      logger,
      concurrency: 16,
      clock,
      random: () => 0.5,
    });
  });

  afterEach(async () => {
    await controller.stop();
    await watch.stop();
    [looks, told, passes].forEach(counter => counter.stop());
  });

  function aReader(): ResourceReader {
    return {
      cluster: 'one',
      pageSizeOf: () => PAGE,
      listPage: async (_kind, { continueToken = '0' }) => {
        const from = Number(continueToken);
        return {
          items: Array.from({ length: PAGE }, (_, at) =>
            anObject(from + at, version),
          ),
          resourceVersion: `${version}`,
          continueToken: from + PAGE < OBJECTS ? `${from + PAGE}` : undefined,
        };
      },
      openWatch: async (_kind, { signal }) => {
        async function* chunks(): AsyncGenerator<Buffer> {
          await new Promise<void>(resolve => {
            expire = resolve;
            signal.addEventListener('abort', () => resolve());
          });
          yield Buffer.from(
            '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n',
          );
        }
        return chunks();
      },
    };
  }

  it('stay short while 20,000 objects are listed, told, listed again and worked on', async () => {
    controller.start();
    watch.start();
    await watch.synced();
    await untilPassed(OBJECTS);
    version = 2;
    const listedAgain = new Promise<void>(resolve => {
      watch.onComplete(resolve);
    });
    expire();
    await listedAgain;
    await untilPassed(2 * OBJECTS);
    expect(watch.list()).toHaveLength(OBJECTS);
    expect(looks.most).toBeGreaterThan(0);
    for (const counter of [told, passes]) {
      expect(counter.most).toBeGreaterThan(0);
      expect(counter.most).toBeLessThanOrEqual(MOST_PER_TURN);
    }
    // Watch, resync and queue each have a budget of their own, and the passes under way end after theirs.
    expect(looks.most).toBeLessThanOrEqual(4 * MOST_PER_TURN);
  });

  async function untilPassed(count: number): Promise<void> {
    while (passed < count) {
      await new Promise(resolve => setImmediate(resolve));
    }
  }
});
