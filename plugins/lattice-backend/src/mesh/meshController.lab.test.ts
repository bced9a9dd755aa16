import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_PROFILE,
  isSamePolicy,
  KubernetesObject,
  ObjectKey,
  policyName,
  readMemberStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Lab, startLab } from 'lab';
import { Clusters, createClusters } from '../clusters/createClusters';
import { eventually } from '../clusters/eventually';
import { FakeClock } from '../clusters/FakeClock';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection, ResourceKind } from '../clusters/types';
import { Controller } from '../controllers/createController';
import { EventWriter } from '../events/EventWriter';
import {
  aMemberManifest,
  aPodManifest,
  aServiceManifest,
} from './__testUtils__/manifests';
import { createMeshController } from './createMeshController';

type Json = Record<string, unknown>;

const REDIS: ObjectKey = { namespace: 'data', name: 'redis' };
const CHECKOUT: ObjectKey = { namespace: 'commerce', name: 'checkout' };
const LAB_START_MS = 900_000;

const policyOf = (key: ObjectKey): ObjectKey => ({
  namespace: key.namespace,
  name: policyName(key),
});

describe('mesh controller on a real API server', () => {
  jest.setTimeout(120_000);
  let dir: string;
  let lab: Lab;
  let clusters: Clusters;
  let cluster: ClusterConnection;
  let controller: Controller;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-mesh-'));
    lab = await startLab({ parts: ['cluster'], dataDir: dir });
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    clusters = createClusters({
      clusters: [
        { name: 'lab', mode: 'reconcile', kubeconfig: lab.kubeconfig },
      ],
      logger,
    });
    await clusters.start();
    cluster = clusters.get('lab')!;
    for (const name of ['data', 'commerce'])
      await cluster.client.apply(KINDS.Namespace, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
    controller = createMeshController({
      connection: cluster,
      leadership: clusters.leadership('lab'),
      profile: DEFAULT_PROFILE,
      latticeServices: 'own',
      logger,
    });
    controller.start();
  }, LAB_START_MS);

  afterAll(async () => {
    await controller?.stop();
    await clusters?.stop();
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const statusOf = async (
    kind: 'LatticeMeshMember' | 'LatticeService',
    key: ObjectKey,
  ) => readMemberStatus((await cluster.client.get(KINDS[kind], key))?.status);
  const cilium = (key: ObjectKey) =>
    cluster.client.get(KINDS.CiliumNetworkPolicy, policyOf(key));

  /** Milliseconds until a policy is what it was, whole. */
  const repairTime = async (kind: ResourceKind, wanted: KubernetesObject) => {
    const startedAt = Date.now();
    await eventually(async () => {
      const held = await cluster.client.get(kind, policyOf(REDIS));
      expect(held && isSamePolicy(wanted, held)).toBe(true);
    }, 10_000);
    return Date.now() - startedAt;
  };

  it('enforces the agreement of the chapter, and comes to rest', async () => {
    const { client } = cluster;
    await client.create(
      KINDS.LatticeMeshMember,
      aMemberManifest('data/redis', {
        ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
        allowedCallers: [{ name: 'checkout', namespace: 'commerce' }],
        dependencies: [],
      }),
    );
    await client.create(KINDS.Pod, aRunnablePod());
    await client.create(
      KINDS.LatticeService,
      aServiceManifest('commerce/checkout', { outbound: ['data/redis'] }),
    );
    await eventually(async () => {
      expect(await statusOf('LatticeMeshMember', REDIS)).toMatchObject({
        phase: 'Ready',
        edges: [{ direction: 'inbound', peer: CHECKOUT, state: 'enforced' }],
      });
      expect(await statusOf('LatticeService', CHECKOUT)).toMatchObject({
        phase: 'Ready',
        edges: [{ direction: 'outbound', peer: REDIS, state: 'enforced' }],
      });
    }, 30_000);
    const before = await Promise.all([
      cilium(REDIS),
      client.get(KINDS.LatticeMeshMember, REDIS),
    ]);
    controller.resync();
    await new Promise(resolve => setTimeout(resolve, 1_000));
    const after = await Promise.all([
      cilium(REDIS),
      client.get(KINDS.LatticeMeshMember, REDIS),
    ]);
    expect(after.map(one => one!.metadata.resourceVersion)).toEqual(
      before.map(one => one!.metadata.resourceVersion),
    );
  });

  it.each<[string, ResourceKind, (spec: Json, policy: Json) => void]>([
    [
      'a second list of specs',
      KINDS.CiliumNetworkPolicy,
      (_, policy) => {
        policy.specs = [
          { endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] },
        ];
      },
    ],
    [
      'default deny switched off',
      KINDS.CiliumNetworkPolicy,
      spec => {
        spec.enableDefaultDeny = { ingress: false, egress: false };
      },
    ],
    [
      'a further port',
      KINDS.CiliumNetworkPolicy,
      spec => {
        const [, rule] = spec.ingress as Json[];
        (rule.toPorts as Json[]).push({
          ports: [{ port: '9121', protocol: 'TCP' }],
        });
      },
    ],
    [
      'a rule for everybody',
      KINDS.CiliumNetworkPolicy,
      spec => (spec.ingress as Json[]).push({ fromEntities: ['all'] }),
    ],
    [
      'a way out',
      KINDS.CiliumNetworkPolicy,
      spec => (spec.egress as Json[]).push({ toEntities: ['world'] }),
    ],
    [
      'other pods',
      KINDS.CiliumNetworkPolicy,
      spec => {
        spec.endpointSelector = { matchLabels: { 'k8s:app': 'nobody' } };
      },
    ],
    [
      'a rule of the mesh for everybody',
      KINDS.AuthorizationPolicy,
      spec => (spec.rules as Json[]).push({}),
    ],
    [
      'a dry run',
      KINDS.AuthorizationPolicy,
      (_, policy) => {
        const { annotations } = policy.metadata as { annotations: Json };
        annotations['istio.io/dry-run'] = 'true';
      },
    ],
  ])('takes %s out within a second', async (_, kind, change) => {
    const wanted = (await cluster.client.get(kind, policyOf(REDIS)))!;
    const edited = structuredClone(wanted);
    change(edited.spec as Json, edited as unknown as Json);
    await cluster.client.replace(kind, edited);
    const took = await repairTime(kind, wanted);
    expect(took).toBeLessThan(1_000);
  });

  it('makes a deleted policy again within a second', async () => {
    const kind = KINDS.CiliumNetworkPolicy;
    const wanted = (await cluster.client.get(kind, policyOf(REDIS)))!;
    await cluster.client.delete(kind, policyOf(REDIS));
    expect(await repairTime(kind, wanted)).toBeLessThan(1_000);
  });

  it('leaves the objects of others alone, opens nothing beside them, and tells of both', async () => {
    const { client } = cluster;
    const key = { namespace: 'data', name: 'taken' };
    const foreign = await client.create(KINDS.CiliumNetworkPolicy, {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { ...policyOf(key) },
      spec: {
        endpointSelector: { matchLabels: { app: 'redis' } },
        ingress: [{}],
      },
    });
    await client.create(KINDS.LatticeMeshMember, aMemberManifest('data/taken'));
    await eventually(async () => {
      const conditionOf = async (of: ObjectKey, type: string) =>
        (await statusOf('LatticeMeshMember', of)).conditions.find(
          one => one.type === type,
        );
      expect(await conditionOf(key, 'Ready')).toMatchObject({
        status: 'False',
        reason: 'ForeignObject',
      });
      expect(await conditionOf(REDIS, 'ForeignPolicy')).toMatchObject({
        status: 'True',
      });
    }, 30_000);
    const { metadata } = (await cilium(key))!;
    expect(metadata.resourceVersion).toBe(foreign.metadata.resourceVersion);
    await client.delete(KINDS.CiliumNetworkPolicy, policyOf(key));
    await client.delete(KINDS.LatticeMeshMember, key);
  });

  it('tells in Events what has changed', async () => {
    await eventually(async () => {
      const { items } = await cluster.client.list(KINDS.Event, {
        namespace: 'data',
      });
      const reasons = items
        .filter(({ regarding }) => (regarding as Json).name === 'redis')
        .map(({ reason }) => reason);
      expect(reasons).toEqual(
        expect.arrayContaining(['Succeeded', 'ForeignPolicyFound', 'Resolved']),
      );
    }, 30_000);
  });

  it('makes a series of an Event that happens again', async () => {
    const clock = new FakeClock(Date.now());
    const regarding = (await cluster.client.get(
      KINDS.LatticeMeshMember,
      REDIS,
    ))!;
    const writer = new EventWriter({
      client: cluster.client,
      controller: 'lab',
      logger: mockServices.logger.mock(),
      clock,
    });
    const note = () =>
      writer.note({
        regarding,
        type: 'Normal',
        reason: 'Again',
        action: 'Test',
        message: 'again',
      });
    note();
    await clock.advance(61_000);
    note();
    await eventually(async () => {
      const { items } = await cluster.client.list(KINDS.Event, {
        namespace: 'data',
      });
      expect(items.filter(({ reason }) => reason === 'Again')).toMatchObject([
        { series: { count: 2 } },
      ]);
    });
    await writer.stop();
  });

  it('keeps pods of a former selector denied, and gives a namespace the baseline that it asks for', async () => {
    const { client } = cluster;
    const select = (app: string) =>
      client.jsonPatch(KINDS.LatticeMeshMember, REDIS, [
        { op: 'replace', path: '/spec/target', value: { selector: { app } } },
      ]);
    const guardsOf = async (app: string) =>
      (
        await client.list(KINDS.CiliumNetworkPolicy, { namespace: 'data' })
      ).items.filter(({ spec }) =>
        JSON.stringify((spec as Json).endpointSelector).includes(`"${app}"`),
      );
    await select('redis-next');
    await eventually(async () => {
      expect(await guardsOf('redis-next')).toHaveLength(1);
      expect(await guardsOf('redis')).toMatchObject([
        { spec: { ingress: [{}], egress: [{}] } },
      ]);
    }, 30_000);
    await select('redis');
    await eventually(async () => {
      expect(await guardsOf('redis-next')).toEqual([]);
      expect(await guardsOf('redis')).toHaveLength(1);
    }, 30_000);

    await client.apply(KINDS.Namespace, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'commerce',
        labels: { 'portal.lattice.dev/baseline': 'enabled' },
      },
    });
    const at = { namespace: 'commerce', name: 'lattice-baseline' };
    await eventually(async () => {
      for (const kind of [
        KINDS.CiliumNetworkPolicy,
        KINDS.AuthorizationPolicy,
        KINDS.PeerAuthentication,
      ])
        expect(await client.get(kind, at)).toBeDefined();
    }, 30_000);
  });

  it('leaves a deleted member’s pods denied, and goes with the last of them', async () => {
    const { client } = cluster;
    await client.delete(KINDS.LatticeMeshMember, REDIS);
    await eventually(async () =>
      expect((await cilium(REDIS))!.spec).toMatchObject({
        ingress: [{}],
        egress: [{}],
      }),
    );
    expect(await client.get(KINDS.LatticeMeshMember, REDIS)).toBeDefined();
    await client.delete(KINDS.Pod, { namespace: 'data', name: 'redis-0' });
    await eventually(async () => {
      expect(await client.get(KINDS.LatticeMeshMember, REDIS)).toBeUndefined();
      expect(await cilium(REDIS)).toBeUndefined();
    }, 30_000);
  });
});

function aRunnablePod(): KubernetesObject {
  const { status: _status, ...pod } = aPodManifest('data/redis-0', {
    app: 'redis',
  });
  return {
    ...pod,
    spec: {
      containers: [{ name: 'redis', image: 'redis:7' }],
      terminationGracePeriodSeconds: 0,
    },
  };
}
