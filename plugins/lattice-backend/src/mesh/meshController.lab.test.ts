import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_PROFILE,
  KubernetesObject,
  ObjectKey,
  policyName,
  readMemberStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Lab, startLab } from 'lab';
import { Clusters, createClusters } from '../clusters/createClusters';
import { eventually } from '../clusters/eventually';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection } from '../clusters/types';
import { Controller } from '../controllers/createController';
import {
  aMemberManifest,
  aPodManifest,
  aServiceManifest,
} from './__testUtils__/manifests';
import { createMeshController } from './createMeshController';

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

  it('takes out what somebody adds by hand', async () => {
    const live = (await cilium(REDIS))!;
    const startedAt = Date.now();
    await cluster.client.replace(KINDS.CiliumNetworkPolicy, {
      ...live,
      specs: [{ endpointSelector: {}, ingress: [{ fromEntities: ['all'] }] }],
    });
    await eventually(async () =>
      expect((await cilium(REDIS))!.specs).toBeUndefined(),
    );
    expect(Date.now() - startedAt).toBeLessThan(5_000);
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
