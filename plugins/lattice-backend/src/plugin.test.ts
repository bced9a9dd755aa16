import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  latticeMemberReadPermission,
  latticePackageReadPermission,
} from '@lattice-portal/backstage-plugin-lattice-common';
import request from 'supertest';
import {
  createLatticeMemberConditionalDecision,
  createLatticePackageConditionalDecision,
  latticeMemberConditions,
  latticePackageConditions,
} from './api/permissionRules';
import { aCluster, someClusters } from './api/testing/aCluster';
import { aMember, aNamespace, aPackage, aService } from './api/testing/objects';
import { Clusters } from './clusters/createClusters';
import { clustersServiceRef } from './clustersService';
import { eventually } from './clusters/eventually';
import { latticePlugin } from './plugin';

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

const DEMO = [
  aNamespace('data', 'group:default/data'),
  aNamespace('commerce', 'group:default/commerce'),
  aPackage(),
  aPackage({ name: 'cache', namespace: 'commerce' }),
  aMember(),
  aService('checkout'),
];

function ownedBy(claim: string) {
  return (permission: string): PolicyDecision =>
    permission === latticePackageReadPermission.name
      ? createLatticePackageConditionalDecision(
          latticePackageReadPermission,
          latticePackageConditions.isOwner({ claims: [claim] }),
        )
      : createLatticeMemberConditionalDecision(
          latticeMemberReadPermission,
          latticeMemberConditions.isOwner({ claims: [claim] }),
        );
}

async function start(
  options: {
    clusters?: Clusters;
    decide?: (permission: string) => PolicyDecision;
  } = {},
) {
  const {
    clusters = someClusters([aCluster({ objects: DEMO })]),
    decide = () => ALLOW,
  } = options;
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async queries =>
      queries.map(({ permission }) => decide(permission.name)),
  });
  const signals = { publish: jest.fn(async () => undefined) };
  const events = mockServices.events.mock();
  const { server, stop } = await startTestBackend({
    features: [
      latticePlugin,
      permissions.factory,
      createServiceFactory({
        service: clustersServiceRef,
        deps: {},
        factory: () => clusters,
      }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => signals,
      }),
      createServiceFactory({
        service: eventsServiceRef,
        deps: {},
        factory: () => events,
      }),
    ],
  });
  const get = (path: string) => request(server).get(`/api/lattice${path}`);
  return { get, signals, events, stop };
}

function names(items: { namespace: string; name: string }[]): string[] {
  return items.map(({ namespace, name }) => `${namespace}/${name}`);
}

describe('the HTTP API', () => {
  it('lists everything, with owners, to those who may see everything', async () => {
    const { get } = await start();
    const packages = await get('/packages').expect(200);
    expect(names(packages.body.items)).toEqual([
      'data/redis',
      'commerce/cache',
    ]);
    expect(packages.body.items[0].owner).toBe('group:default/data');
    expect(packages.body.clusters).toEqual([
      {
        cluster: 'lab',
        mode: 'reconcile',
        complete: true,
        revision: 7,
        lastSeenAt: '2026-01-02T03:04:05.000Z',
      },
    ]);
    const members = await get('/members').expect(200);
    expect(names(members.body.items)).toEqual([
      'data/redis',
      'commerce/checkout',
    ]);
  });

  it('narrows by cluster and namespace, and refuses other queries', async () => {
    const { get } = await start();
    const inData = await get('/packages?namespace=data').expect(200);
    expect(names(inData.body.items)).toEqual(['data/redis']);
    const elsewhere = await get('/packages?cluster=other').expect(200);
    expect(elsewhere.body).toEqual({ items: [], clusters: [] });
    await get('/packages?limit=1').expect(400);
  });

  it('shows an empty page to those who may see nothing', async () => {
    const { get } = await start({ decide: () => DENY });
    const { body } = await get('/packages').expect(200);
    expect(body.items).toEqual([]);
    expect(body.clusters).toHaveLength(1);
  });

  it('shows each owner what lies in their namespaces', async () => {
    const { get } = await start({ decide: ownedBy('group:default/commerce') });
    const packages = await get('/packages').expect(200);
    expect(names(packages.body.items)).toEqual(['commerce/cache']);
    const members = await get('/members').expect(200);
    expect(names(members.body.items)).toEqual(['commerce/checkout']);
  });

  it('answers alike for what is missing and for what is forbidden', async () => {
    const forbidden = await start({
      decide: ownedBy('group:default/commerce'),
    });
    const denied = await start({ decide: () => DENY });
    const missing = await start({
      clusters: someClusters([aCluster({ objects: [] })]),
    });
    for (const path of [
      '/packages/lab/data/redis',
      '/members/lab/data/redis',
    ]) {
      const expected = (await missing.get(path).expect(404)).body;
      expect((await forbidden.get(path).expect(404)).body).toEqual(expected);
      expect((await denied.get(path).expect(404)).body).toEqual(expected);
    }
  });

  it('names the far side of an edge only as the near side wrote it', async () => {
    const { get } = await start({ decide: ownedBy('group:default/commerce') });
    const { body } = await get('/members/lab/commerce/checkout').expect(200);
    expect(body.item.edges).toEqual([
      {
        direction: 'outbound',
        caller: { namespace: 'commerce', name: 'checkout' },
        callee: { namespace: 'data', name: 'redis' },
        state: 'agreed',
        reason: expect.any(String),
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('6379');
  });

  it('names a package’s member only to those who may read the member', async () => {
    const both = await start();
    const open = await both.get('/packages/lab/data/redis').expect(200);
    expect(names(open.body.item.members)).toEqual(['data/redis']);
    const packagesOnly = await start({
      decide: name =>
        name === latticePackageReadPermission.name ? ALLOW : DENY,
    });
    const { body } = await packagesOnly
      .get('/packages/lab/data/redis')
      .expect(200);
    expect(body.item.members).toEqual([]);
  });

  it('shows an object that cannot be read as failed, beside the others', async () => {
    const broken = aPackage({ name: 'broken', spec: { chart: 'redis' } });
    const { get } = await start({
      clusters: someClusters([aCluster({ objects: [...DEMO, broken] })]),
    });
    const { body } = await get('/packages').expect(200);
    expect(names(body.items)).toContain('data/redis');
    expect(body.items).toContainEqual(
      expect.objectContaining({
        name: 'broken',
        phase: 'Failed',
        message: expect.stringContaining('spec.chart'),
      }),
    );
    await get('/packages/lab/data/broken').expect(200);
  });

  it('says which clusters are missing and goes on with the others', async () => {
    const clusters = someClusters(
      [
        aCluster({ objects: DEMO }),
        aCluster({ name: 'far', error: 'connection refused' }),
      ],
      [
        {
          name: 'twin',
          mode: 'observe',
          error: 'It is the same cluster as lab',
          isRefused: true,
          isLeader: false,
        },
      ],
    );
    const { get } = await start({ clusters });
    const { body } = await get('/packages').expect(200);
    expect(names(body.items)).toContain('data/redis');
    expect(body.clusters).toEqual([
      expect.objectContaining({ cluster: 'lab', complete: true }),
      expect.objectContaining({
        cluster: 'far',
        complete: false,
        error: 'connection refused',
      }),
      expect.objectContaining({
        cluster: 'twin',
        complete: false,
        error: 'It is the same cluster as lab',
      }),
    ]);
    const health = await get('/health').expect(200);
    expect(health.body.clusters).toEqual({ configured: 3, complete: 1 });
  });

  it('starts without any cluster and says so', async () => {
    const { get } = await start({ clusters: someClusters([]) });
    const { body } = await get('/packages').expect(200);
    expect(body).toEqual({
      items: [],
      clusters: [],
      note: expect.stringContaining('lattice.clusters'),
    });
    const clusters = await get('/clusters').expect(200);
    expect(clusters.body.note).toEqual(body.note);
  });

  it('needs a sign-in for everything but health', async () => {
    const { get } = await start();
    const nobody = mockCredentials.none.header();
    await get('/health').set('authorization', nobody).expect(200);
    await get('/packages').set('authorization', nobody).expect(401);
    await get('/clusters').set('authorization', nobody).expect(401);
  });

  it('describes itself', async () => {
    const { get } = await start();
    const { body } = await get('/openapi.json').expect(200);
    expect(Object.keys(body.paths)).toContain('/api/lattice/packages');
  });

  it('announces changes without names', async () => {
    const clusters = someClusters([
      aCluster({ mode: 'observe', objects: DEMO }),
    ]);
    const { signals, events } = await start({ clusters });
    // Silent until the database has said that this replica is on duty; then it catches up.
    const published = (revision: number) =>
      expect(signals.publish).toHaveBeenCalledWith({
        recipients: { type: 'broadcast' },
        channel: 'lattice:changes',
        message: { cluster: 'lab', revision },
      });
    await eventually(() => published(7));
    clusters.announce({ cluster: 'lab', revision: 8 });
    await eventually(() => published(8));
    expect(events.publish).toHaveBeenCalledWith({
      topic: 'lattice.changes',
      eventPayload: { cluster: 'lab', revision: 8 },
    });
  });

  it('leaves announcing to the replica that holds the Lease', async () => {
    const clusters = someClusters([aCluster({ objects: DEMO })]);
    const { signals } = await start({ clusters });
    clusters.announce({ cluster: 'lab', revision: 8 });
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(signals.publish).not.toHaveBeenCalled();
  });
});
