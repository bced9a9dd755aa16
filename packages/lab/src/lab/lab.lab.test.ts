import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DELIVERED_LABEL } from '../delivery/deliveredObjects';
import { FIELD_MANAGER } from '../delivery/DeliveryStandIn';
import { ForgeClient } from '../forge/ForgeClient';
import { checkoutDir } from '../parts/paths';
import { runProgram } from '../processes/runProgram';
import { waitUntil } from '../processes/waitUntil';
import type { Lab } from './Lab';
import { labFilePath } from './labFile';
import { MARKER } from './marker';
import { processesOf } from './processesOf';
import { startLab } from './startLab';
import type { LabFile } from './types';

jest.setTimeout(240_000);

/** A server that must never be asked: it stands where the user's own cluster would be. */
async function aCanary(dir: string) {
  let connections = 0;
  const server: Server = createServer(socket => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const file = join(dir, 'canary.kubeconfig');
  await writeFile(
    file,
    `apiVersion: v1
kind: Config
current-context: production
clusters: [{name: production, cluster: {server: 'https://127.0.0.1:${port}', insecure-skip-tls-verify: true}}]
users: [{name: me, user: {token: x}}]
contexts: [{name: production, context: {cluster: production, user: me}}]
`,
  );
  return { file, connections: () => connections, close: () => server.close() };
}

type Canary = Awaited<ReturnType<typeof aCanary>>;

describe('the lab', () => {
  let dir: string;
  let canary: Canary;
  let lab: Lab;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-whole-'));
    canary = await aCanary(dir);
    // As on the machine of a platform engineer.
    process.env.KUBECONFIG = canary.file;
    lab = await startLab({ dataDir: dir });
  });

  afterAll(async () => {
    await lab?.stop();
    canary.close();
    await rm(dir, { recursive: true, force: true });
  });

  const helm = (...args: string[]) =>
    runProgram(lab.helm['4'] ?? '', [...args, '--kubeconfig', lab.kubeconfig], {
      extraEnv: { HELM_CACHE_HOME: join(dir, 'helm-cache') },
    });
  const chart = (name: string, version: string) => [
    `oci://${new URL(lab.registry.url).host}/charts/${name}`,
    '--version',
    version,
    '--ca-file',
    lab.registry.caFile,
  ];
  const get = async (...args: string[]) =>
    JSON.parse(await lab.kubectl(['get', '-o', 'json', ...args]));

  it('has nodes that run pods, and serves the CRDs of the products around it', async () => {
    const nodes = await get('nodes');
    expect(nodes.items).toHaveLength(2);
    const served = await lab.kubectl(['api-resources', '-o', 'name']);
    for (const name of [
      'externalsecrets.external-secrets.io',
      'ciliumnetworkpolicies.cilium.io',
      'authorizationpolicies.security.istio.io',
      'peerauthentications.security.istio.io',
    ]) {
      expect(served).toContain(name);
    }
  });

  it('marks the cluster with its id', async () => {
    const marker = await get('configmap', MARKER.name, '-n', MARKER.namespace);
    expect(marker.data.id).toBe(lab.id);
  });

  it('runs a public chart from the registry', async () => {
    await helm(
      'install',
      'web',
      ...chart('podinfo', '6.9.2'),
      '--wait',
      '--timeout',
      '60s',
    );
    const deployment = await get('deployment', 'web-podinfo');
    expect(deployment.status.readyReplicas).toBe(1);
  });

  it('runs our redis, whose next version opens a port for metrics', async () => {
    const values = ['--set', 'auth.password=only-for-this-test,replicas=3'];
    await helm(
      'install',
      'redis',
      ...chart('redis', '18.4.0'),
      ...values,
      '--wait',
      '--timeout',
      '60s',
    );
    expect(await containerPorts()).toEqual([6379]);
    await helm(
      'upgrade',
      'redis',
      ...chart('redis', '18.5.0'),
      ...values,
      '--wait',
      '--timeout',
      '60s',
    );
    expect(await containerPorts()).toEqual([6379, 9121]);
  });

  async function containerPorts(): Promise<number[]> {
    const { spec } = await get('statefulset', 'redis');
    expect(spec.template.metadata.labels.app).toBe('redis');
    return spec.template.spec.containers.flatMap(
      ({ ports }: { ports: { containerPort: number }[] }) =>
        ports.map(({ containerPort }) => containerPort),
    );
  }

  it('refuses redis with auth and no password', async () => {
    await expect(
      helm('template', 'r', join(checkoutDir(), 'charts/redis/18.4.0')),
    ).rejects.toThrow(
      /auth.enabled needs auth.password or auth.existingSecret/,
    );
  });

  it('writes down each request in the audit log, and no body', async () => {
    await lab.kubectl([
      'create',
      'secret',
      'generic',
      'hidden',
      '--from-literal=k=do-not-log-me',
    ]);
    const events = await waitUntil(
      async () => {
        const text = await readFile(lab.auditLog, 'utf8');
        return text.includes('/secrets?') && text;
      },
      { what: 'the audit event', timeoutMs: 10_000 },
    );
    expect(events).not.toContain('do-not-log-me');
  });

  it('describes itself in lab.json, readable by its owner alone', async () => {
    await lab.describe({ portal: { url: 'http://127.0.0.1:7007' } });
    const path = labFilePath(dir);
    const file = JSON.parse(await readFile(path, 'utf8')) as LabFile;
    expect(file).toMatchObject({
      kubeconfig: lab.kubeconfig,
      registry: { url: lab.registry.url },
      forge: { repository: 'platform/deployments' },
      portal: { url: 'http://127.0.0.1:7007' },
    });
    expect((await stat(path)).mode % 0o1000).toBe(0o600);
  });

  it('applies what is on the main branch, and removes what goes away there', async () => {
    const forge = new ForgeClient(lab.forge.url, lab.forge.token);
    const path = `clusters/${lab.clusterName}/shop/all.yaml`;
    const content = `apiVersion: v1
kind: ConfigMap
metadata: {name: delivered, namespace: shop}
data: {a: b}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`;
    const { repository } = lab.forge;
    await forge.changeFiles(repository, 'Add the shop', [
      { operation: 'create', path, content },
    ]);
    const delivered = await waitUntil(
      () => get('configmap', 'delivered', '-n', 'shop'),
      {
        what: 'the delivery',
        timeoutMs: 20_000,
        intervalMs: 500,
      },
    );
    expect(delivered.metadata.labels).toEqual({
      [DELIVERED_LABEL]: lab.clusterName,
    });
    const fields = await get(
      'configmap',
      'delivered',
      '-n',
      'shop',
      '--show-managed-fields',
    );
    expect(fields.metadata.managedFields[0].manager).toBe(FIELD_MANAGER);

    await lab.kubectl(['create', 'configmap', 'made-by-hand', '-n', 'shop']);
    const [, namespaceOnly] = content.split('---\n');
    const sha = (await forge.fileSha(repository, path)) ?? '';
    await forge.changeFiles(repository, 'Remove the ConfigMap', [
      { operation: 'update', path, content: namespaceOnly, sha },
    ]);
    await waitUntil(
      async () =>
        !(
          await lab.kubectl(['get', 'configmap', '-n', 'shop', '-o', 'name'])
        ).includes('delivered'),
      { what: 'the removal', timeoutMs: 20_000, intervalMs: 500 },
    );
    await get('configmap', 'made-by-hand', '-n', 'shop');
  });

  it('runs beside another lab with another cluster', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'lab-other-'));
    const other = await startLab({ dataDir: otherDir, parts: ['cluster'] });
    try {
      expect(other.id).not.toBe(lab.id);
      await other.kubectl(['create', 'namespace', 'only-there']);
      await expect(
        lab.kubectl(['get', 'namespace', 'only-there']),
      ).rejects.toThrow(/not found/);
    } finally {
      await other.stop();
    }
    expect(await processesOf(otherDir)).toEqual([]);
    await lab.kubectl(['get', 'namespace', 'default']);
    await rm(otherDir, { recursive: true, force: true });
  });

  it("never touches the cluster of the user's KUBECONFIG", async () => {
    expect(canary.connections()).toBe(0);
    // The trap works: somebody who does use that file is seen.
    await runProgram(lab.kubectlPath, [
      '--kubeconfig',
      canary.file,
      '--request-timeout=2s',
      'get',
      'nodes',
    ]).catch(() => {});
    expect(canary.connections()).toBeGreaterThan(0);
  });

  it('stops everything and takes lab.json away', async () => {
    await lab.stop();
    expect(await processesOf(dir)).toEqual([]);
    await expect(stat(labFilePath(dir))).rejects.toThrow(/ENOENT/);
  });
});
