import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError } from '../clusters/ClusterError';
import { FakeClock } from '../clusters/FakeClock';
import { ClusterClient, ClusterErrorReason } from '../clusters/types';
import { DEFAULT_LEASE_TIMING } from '../controllers/leadershipTypes';
import { Presence, PRESENCE_LABEL, presenceName } from './Presence';
import { sharingTimingOf } from './sharingTiming';

function failure(reason: ClusterErrorReason): ClusterError {
  return new ClusterError({
    cluster: 'one',
    verb: 'create',
    kind: 'Lease',
    reason,
    explanation: reason,
    isObjectMissing: reason === 'NotFound',
  });
}

/** The Leases of an API server. */
class Leases {
  readonly stored = new Map<string, KubernetesObject>();
  refusal: ClusterErrorReason | undefined;
  #version = 0;

  client(): ClusterClient {
    const store = (object: KubernetesObject) => {
      this.#version += 1;
      const { name } = object.metadata;
      const uid = this.stored.get(name)?.metadata.uid ?? `uid-${this.#version}`;
      const resourceVersion = String(this.#version);
      const metadata = { ...object.metadata, uid, resourceVersion };
      this.stored.set(name, { ...object, metadata });
      return this.stored.get(name);
    };
    const check = () => {
      if (this.refusal) {
        throw failure(this.refusal);
      }
    };
    return {
      cluster: 'one',
      get: async (_kind: unknown, { name }: { name: string }) =>
        this.stored.get(name),
      list: async () => {
        check();
        return { items: [...this.stored.values()], resourceVersion: '1' };
      },
      create: async (_kind: unknown, object: KubernetesObject) => {
        check();
        if (this.stored.has(object.metadata.name)) {
          throw failure('AlreadyExists');
        }
        return store(object);
      },
      replace: async (_kind: unknown, object: KubernetesObject) => {
        check();
        const current = this.stored.get(object.metadata.name);
        if (!current) {
          throw failure('NotFound');
        }
        const { resourceVersion } = object.metadata;
        if (resourceVersion !== current.metadata.resourceVersion) {
          throw failure('Conflict');
        }
        return store(object);
      },
      delete: async (_kind: unknown, { name }: { name: string }) =>
        this.stored.delete(name),
    } as unknown as ClusterClient;
  }
}

describe('Presence', () => {
  let clock: FakeClock;
  let leases: Leases;
  let started: Presence[];

  beforeEach(() => {
    clock = new FakeClock();
    leases = new Leases();
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map(presence => presence.stop()));
  });

  async function aReplica(identity: string) {
    const logger = mockServices.logger.mock();
    const seen: Array<readonly string[] | undefined> = [];
    const state = { isAlive: true };
    const presence = new Presence({
      client: leases.client(),
      identity,
      timing: sharingTimingOf(DEFAULT_LEASE_TIMING),
      clock,
      random: () => 0.5,
      logger,
      mayAnnounce: () => state.isAlive,
      onReplicas: replicas => seen.push(replicas && [...replicas].sort()),
    });
    started.push(presence);
    await presence.start();
    return { presence, logger, seen, state };
  }

  it('shows each replica the others, under a name and a label of their own', async () => {
    const a = await aReplica('a');
    const b = await aReplica('b');
    expect(a.seen).toEqual([['a']]);
    expect(b.seen).toEqual([['a', 'b']]);
    await clock.advance(10_000);
    expect(a.seen.at(-1)).toEqual(['a', 'b']);
    const lease = leases.stored.get(presenceName('a'));
    expect(lease?.metadata).toMatchObject({
      namespace: 'lattice-system',
      labels: { [PRESENCE_LABEL]: 'replica' },
    });
    expect(lease?.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 30,
    });
  });

  it('forgets a replica that falls silent, and removes what it left behind after ten minutes', async () => {
    const a = await aReplica('a');
    const b = await aReplica('b');
    await clock.advance(20_000);
    b.state.isAlive = false;
    await clock.advance(45_000);
    expect(a.seen.at(-1)).toEqual(['a']);
    expect(leases.stored.size).toBe(2);
    await clock.advance(600_000);
    expect([...leases.stored.keys()]).toEqual([presenceName('a')]);
    b.state.isAlive = true;
    await clock.advance(20_000);
    expect(a.seen.at(-1)).toEqual(['a', 'b']);
  });

  it('leaves nothing behind when it stops', async () => {
    const a = await aReplica('a');
    await aReplica('b');
    await a.presence.stop();
    expect([...leases.stored.keys()]).toEqual([presenceName('b')]);
  });

  it('says once that it may not see the others, and begins when it may', async () => {
    leases.refusal = 'Forbidden';
    const { seen, logger } = await aReplica('a');
    await clock.advance(300_000);
    expect(new Set(seen)).toEqual(new Set([undefined]));
    expect(logger.warn).toHaveBeenCalledTimes(1);
    leases.refusal = undefined;
    await clock.advance(61_000);
    expect(seen.at(-1)).toEqual(['a']);
  });

  it('keeps what it saw last while the cluster is away', async () => {
    const { seen } = await aReplica('a');
    leases.refusal = 'Unreachable';
    await clock.advance(120_000);
    expect(seen).toEqual([['a']]);
  });
});
