import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import {
  KubernetesObject,
  PackageStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartSource,
  createChartSource,
  createHelm,
  Helm,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { Lab, SECRET_STORE, startLab } from 'lab';
import { PolicyStore } from '../cedar';
import { Clusters, createClusters } from '../clusters/createClusters';
import { eventually } from '../clusters/eventually';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection } from '../clusters/types';
import { Controller } from '../controllers/createController';
import { createPackageController } from './createPackageController';

const LAB_START_MS = 900_000;
const SETTLE_MS = 60_000;
const REPOSITORY = 'oci://registry.example.com/charts';
const MANIFESTS = path.resolve(__dirname, '../../../../examples/manifests');
const CANARY = 'canary-7c1d-s3cret';

describe('packages on a real API server, with the real helm', () => {
  jest.setTimeout(180_000);
  let dir: string;
  let lab: Lab;
  let clusters: Clusters;
  let connection: ClusterConnection;
  let helm: Helm;
  let charts: ChartSource;
  let controller: Controller;
  const logged: string[] = [];

  function aLogger() {
    const logger = mockServices.logger.mock();
    const log = (...message: unknown[]) => logged.push(message.join(' '));
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      logger[level].mockImplementation(log);
    }
    logger.child.mockReturnValue(logger);
    return logger;
  }

  function anotherController(): Controller {
    const logger = aLogger();
    return createPackageController({
      connection,
      leadership: clusters.leadership('lab'),
      helm,
      charts,
      logger,
      cedar: new PolicyStore({
        cluster: 'lab',
        namespace: 'lattice-system',
        configured: [
          {
            id: 'redis',
            policy: `permit(principal == Lattice::Service::"data/redis", action == Lattice::Action::"AccessSecret", resource == Lattice::SecretPath::"${SECRET_STORE}:data/redis");`,
          },
        ],
        cache: connection.cache(KINDS.CedarPolicy),
        logger,
      }),
      config: {
        admission: {
          allowedRepositories: [REPOSITORY],
          protectedNamespaces: ['kube-system'],
          platformObjects: [],
        },
        charts: {
          mirrors: [
            {
              from: REPOSITORY,
              to: `oci://${new URL(lab.registry.url).host}/charts`,
              caFile: lab.registry.caFile,
            },
          ],
          archiveHosts: [],
          tokenHosts: [],
        },
        secrets: {
          defaultStore: SECRET_STORE,
          defaultKey: '{namespace}/{resource}',
        },
      },
    });
  }

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'lattice-packages-'));
    lab = await startLab({
      parts: ['cluster', 'registry', 'external-secrets'],
      dataDir: dir,
    });
    for (const file of ['10-namespaces.yaml', '20-package-accounts.yaml']) {
      await lab.kubectl(['apply', '-f', path.join(MANIFESTS, file)]);
    }
    const logger = aLogger();
    clusters = createClusters({
      clusters: [
        { name: 'lab', mode: 'reconcile', kubeconfig: lab.kubeconfig },
      ],
      logger,
    });
    await clusters.start();
    connection = clusters.get('lab')!;
    helm = await createHelm({ binary: lab.helm['4'], workDirectory: dir });
    charts = createChartSource({ cacheDirectory: path.join(dir, 'charts') });
    controller = anotherController();
    controller.start();
  }, LAB_START_MS);

  afterAll(async () => {
    await controller?.stop();
    await clusters?.stop();
    await charts?.close();
    await helm?.close();
    await lab?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const redis = { namespace: 'data', name: 'redis' };
  const getPackage = () => connection.client.get(KINDS.LatticePackage, redis);

  async function expectCondition(
    type: string,
    expected: object,
    timeoutMs = SETTLE_MS,
  ): Promise<PackageStatus> {
    let status: PackageStatus | undefined;
    await eventually(async () => {
      const object = await getPackage();
      status = object?.status as PackageStatus | undefined;
      const found = status?.conditions?.find(it => it.type === type);
      expect({
        ...found,
        isCurrent: found?.observedGeneration === object?.metadata.generation,
      }).toMatchObject({ ...expected, isCurrent: true });
    }, timeoutMs);
    return status!;
  }

  async function patch(spec: object): Promise<void> {
    await lab.kubectl([
      'patch',
      'lpkg',
      'redis',
      '-n',
      'data',
      '--type=merge',
      '-p',
      JSON.stringify({ spec }),
    ]);
  }

  async function secretsOf(label: string): Promise<KubernetesObject[]> {
    const { items } = await connection.client.list(KINDS.Secret, {
      namespace: 'data',
      labelSelector: label,
    });
    return items;
  }

  async function deleteRedis(): Promise<void> {
    await lab.kubectl([
      'delete',
      'lpkg',
      'redis',
      '-n',
      'data',
      '--wait=false',
    ]);
    await eventually(async () => {
      expect(await getPackage()).toBeUndefined();
    }, SETTLE_MS);
    expect(await secretsOf('owner=helm')).toEqual([]);
  }

  /** A chart that shows the scan a plain pod, and the cluster one in the network of its node. */
  async function publishSlyChart(): Promise<void> {
    const folder = path.join(dir, 'sly');
    await mkdir(path.join(folder, 'templates'), { recursive: true });
    await writeFile(
      path.join(folder, 'Chart.yaml'),
      'apiVersion: v2\nname: sly\nversion: 1.0.0\n',
    );
    const isLive =
      'lookup "v1" "ServiceAccount" .Release.Namespace "lattice-packages"';
    await writeFile(
      path.join(folder, 'templates', 'deployment.yaml'),
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: sly}
spec:
  selector: {matchLabels: {app: sly}}
  template:
    metadata: {labels: {app: sly}}
    spec:
      hostNetwork: {{ if ${isLive} }}true{{ else }}false{{ end }}
      containers: [{name: sly, image: example.com/sly}]
`,
    );
    await lab.publishChart(folder);
  }

  async function expectSlyRefused(): Promise<void> {
    const sly = { namespace: 'data', name: 'sly' };
    const manifest = {
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticePackage',
      metadata: sly,
      spec: {
        chart: { repository: REPOSITORY, name: 'sly', version: '1.0.0' },
        remediation: { retries: 0 },
      },
    };
    await lab.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
    await eventually(async () => {
      const object = await connection.client.get(KINDS.LatticePackage, sly);
      const { conditions } = object?.status as PackageStatus;
      expect(conditions.find(it => it.type === 'ChartAvailable')?.status).toBe(
        'True',
      );
      expect(conditions.find(it => it.type === 'Released')).toMatchObject({
        status: 'False',
        message: expect.stringContaining('hostNetwork'),
      });
    }, SETTLE_MS);
    const left = await connection.client.get(KINDS.Deployment, sly);
    expect(left).toBeUndefined();
    await lab.kubectl(['delete', 'lpkg', 'sly', '-n', 'data', '--timeout=60s']);
  }

  it('waits for the secret, and says where it is missing', async () => {
    await lab.kubectl([
      'apply',
      '-f',
      path.join(MANIFESTS, '30-redis-package.yaml'),
    ]);
    const status = await expectCondition('SecretsResolved', {
      status: 'False',
      reason: 'ExternalSecretNotReady',
    });
    expect(status.phase).toBe('Pending');
    expect(status.observedGeneration).toBe(-1);
  });

  it('becomes Ready from the manifest of the chapter, once the secret is there', async () => {
    await lab.setSecretValue('data/redis', 'auth-token', CANARY);
    await lab.kubectl([
      'annotate',
      'externalsecret',
      '--all',
      '-n',
      'data',
      '--overwrite',
      'force-sync=1',
    ]);
    const status = await expectCondition('Ready', { status: 'True' });
    expect(status).toMatchObject({
      phase: 'Ready',
      release: { name: 'redis', namespace: 'data', revision: 1 },
      chart: { name: 'redis', version: '18.4.0' },
      lastHealthyRevision: 1,
    });
    expect(status.operation).toBeUndefined();
    expect(
      status.conditions.find(it => it.type === 'MeshEnrolled'),
    ).toMatchObject({
      status: 'False',
      reason: 'NoMember',
    });
    const set = await connection.client.get(KINDS.StatefulSet, redis);
    expect((set?.status as { readyReplicas: number }).readyReplicas).toBe(3);
  });

  it('says that it takes part in the mesh as soon as a member speaks for it', async () => {
    await lab.kubectl([
      'apply',
      '-f',
      path.join(MANIFESTS, '40-redis-member.yaml'),
    ]);
    await expectCondition('MeshEnrolled', { status: 'True' });
  });

  it('does nothing while nothing changes', async () => {
    const before = await getPackage();
    const writesBefore = await writesOfOurs();
    for (let pass = 0; pass < 5; pass += 1) {
      controller.enqueue('data/redis');
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    const after = await getPackage();
    expect(after?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    );
    expect(await writesOfOurs()).toBe(writesBefore);
  });

  /** Writes in the namespace data, by us or in the name of the package's account, from the audit log. */
  async function writesOfOurs(): Promise<number> {
    const lines = (await readFile(lab.auditLog, 'utf8')).split('\n');
    return lines.filter(line => {
      if (line.trim() === '') {
        return false;
      }
      const event = JSON.parse(line);
      return (
        event.objectRef?.namespace === 'data' &&
        ['create', 'update', 'patch', 'delete'].includes(event.verb) &&
        (event.impersonatedUser !== undefined ||
          event.objectRef?.resource === 'latticepackages')
      );
    }).length;
  }

  it('upgrades when the version changes', async () => {
    await patch({ chart: { version: '18.5.0' } });
    await eventually(async () => {
      const status = (await getPackage())?.status as PackageStatus;
      expect(status.chart?.version).toBe('18.5.0');
      expect(status.phase).toBe('Ready');
    }, SETTLE_MS);
    const status = await expectCondition('Ready', { status: 'True' });
    expect(status.release?.revision).toBe(2);
    expect(status.history.map(it => [it.revision, it.verb])).toEqual([
      [2, 'upgrade'],
      [1, 'install'],
    ]);
  });

  it('upgrades when the secret changes', async () => {
    await lab.setSecretValue('data/redis', 'auth-token', `${CANARY}-2`);
    await lab.kubectl([
      'annotate',
      'externalsecret',
      '--all',
      '-n',
      'data',
      '--overwrite',
      'force-sync=2',
    ]);
    await eventually(async () => {
      const status = (await getPackage())?.status as PackageStatus;
      expect(status.release?.revision).toBe(3);
      expect(status.phase).toBe('Ready');
    }, SETTLE_MS);
  });

  it.each<[string, object, string, string, object]>([
    [
      'a chart version that is missing',
      { chart: { version: '99.0.0' } },
      'ChartAvailable',
      'NotFound',
      { chart: { version: '18.5.0' } },
    ],
    [
      'a repository that is not allowed',
      { chart: { repo: 'oci://evil.example.com/charts' } },
      'Stalled',
      'InvalidSpec',
      { chart: { repo: REPOSITORY } },
    ],
    [
      'a secret that Cedar does not permit',
      { resources: { redis: { id: 'commerce/other' } } },
      'Authorized',
      'Denied',
      { resources: { redis: { id: null } } },
    ],
  ])('keeps what runs and names %s', async (...row) => {
    const [, change, type, reason, undo] = row;
    await patch(change);
    await expectCondition(type, { reason });
    const ready = await expectCondition('Ready', { status: 'False' });
    expect(ready.phase).toBe('Failed');
    const set = await connection.client.get(KINDS.StatefulSet, redis);
    expect(set).toBeDefined();
    await patch(undo);
    await expectCondition('Ready', { status: 'True' });
  });

  it('stops the refresh when a permit is missing, reads nothing else meanwhile, and goes on with a new permit', async () => {
    const externalSecret = async () => {
      const { items } = await connection.client.list(KINDS.ExternalSecret, {
        namespace: 'data',
      });
      expect(items).toHaveLength(1);
      return items[0].spec;
    };
    await patch({ resources: { redis: { id: 'commerce/other' } } });
    await expectCondition('Authorized', { reason: 'Denied' });
    expect(await externalSecret()).toMatchObject({
      refreshPolicy: 'CreatedOnce',
      data: [{ remoteRef: { key: 'data/redis' } }],
    });
    await patch({ resources: { redis: { id: null } } });
    await expectCondition('Ready', { status: 'True' });
    expect(await externalSecret()).toMatchObject({ refreshPolicy: 'Periodic' });
  });

  it('goes back to the revision that ran when an upgrade fails, and on when the spec is mended', async () => {
    await patch({ values: { resources: { requests: { cpu: 'banana' } } } });
    const status = await expectCondition('Remediated', {
      status: 'True',
      reason: 'RolledBack',
    });
    expect(status.history.slice(0, 2).map(it => [it.verb, it.status])).toEqual([
      ['rollback', 'deployed'],
      ['upgrade', 'failed'],
    ]);
    const failed = await expectCondition('Ready', {
      status: 'False',
      message: expect.stringMatching(/banana|quantit/),
    });
    expect(failed.attempts?.count).toBe(1);
    await patch({ values: { resources: null } });
    const mended = await expectCondition('Ready', { status: 'True' });
    expect(mended.attempts).toBeUndefined();
    expect(mended.conditions.map(it => it.type)).not.toContain('Remediated');
  });

  it('repairs an operation that was killed: a locked record is no dead end', async () => {
    const [latest] = (await secretsOf('owner=helm,name=redis')).sort(
      (a, b) =>
        Number(b.metadata.labels?.version) - Number(a.metadata.labels?.version),
    );
    await controller.stop();
    await lab.kubectl([
      'label',
      'secret',
      latest.metadata.name,
      '-n',
      'data',
      '--overwrite',
      'status=pending-upgrade',
      'modifiedAt=1',
    ]);
    controller = anotherController();
    controller.start();
    await eventually(async () => {
      const status = (await getPackage())?.status as PackageStatus;
      expect(status.release?.revision).toBe(
        Number(latest.metadata.labels?.version) + 1,
      );
      expect(status.phase).toBe('Ready');
    }, SETTLE_MS);
  });

  it.each(['18.4.0', '18.5.0'])(
    'ends in the wanted state when it is cut off in the middle of a change to %s',
    async version => {
      await patch({ chart: { version } });
      await eventually(async () => {
        const status = (await getPackage())?.status as PackageStatus;
        expect(status.operation?.verb).toBe('upgrade');
      }, SETTLE_MS);
      await controller.stop();
      controller = anotherController();
      controller.start();
      await eventually(async () => {
        const status = (await getPackage())?.status as PackageStatus;
        expect(status.chart?.version).toBe(version);
        expect(status.operation).toBeUndefined();
        expect(status.phase).toBe('Ready');
      }, SETTLE_MS);
      const records = await secretsOf('owner=helm,name=redis,status=deployed');
      expect(records).toHaveLength(1);
    },
  );

  it('lets no chart bring past the scan what it may not bring', async () => {
    await publishSlyChart();
    await expectSlyRefused();
  });

  it('shows the secret nowhere but in the Secrets themselves', async () => {
    const outside = [
      JSON.stringify(await getPackage()),
      await lab.kubectl(['get', 'events', '-A', '-o', 'yaml']),
      ...logged,
    ].join('\n');
    expect(outside).not.toContain(CANARY);
    expect(outside).not.toContain(
      Buffer.from(CANARY).toString('base64').slice(0, 20),
    );
  });

  it('leaves nothing when it is deleted', async () => {
    await deleteRedis();
    expect(
      await connection.client.get(KINDS.StatefulSet, redis),
    ).toBeUndefined();
    await eventually(async () => {
      const left = await lab.kubectl([
        'get',
        'externalsecrets,secrets',
        '-n',
        'data',
        '-o',
        'name',
      ]);
      expect(left.trim()).toBe('');
    }, SETTLE_MS);
  });

  it('walks the same way with the older Helm', async () => {
    await controller.stop();
    await helm.close();
    await lab.start('helm3');
    helm = await createHelm({ binary: lab.helm['3'], workDirectory: dir });
    expect(helm.version.major).toBe(3);
    controller = anotherController();
    controller.start();
    await lab.kubectl([
      'apply',
      '-f',
      path.join(MANIFESTS, '30-redis-package.yaml'),
    ]);
    await expectCondition('Ready', { status: 'True' });
    await expectSlyRefused();
    await patch({ chart: { version: '18.5.0' } });
    await eventually(async () => {
      const status = (await getPackage())?.status as PackageStatus;
      expect(status.release?.revision).toBe(2);
      expect(status.phase).toBe('Ready');
    }, SETTLE_MS);
    await deleteRedis();
  });
});
