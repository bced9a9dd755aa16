import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { KubernetesClient } from '../cluster/KubernetesClient.ts';
import type { LabContext, RegistryInfo } from '../lab/types.ts';
import { freePorts } from '../processes/freePorts.ts';
import { startProcess } from '../processes/startProcess.ts';

/** Path below the registry under which charts lie: `oci://<host>/charts/<name>`. */
export const CHARTS_PATH = 'charts';

/** Starts an OCI registry with TLS; its storage is a folder of the lab. */
export async function startRegistry(
  context: LabContext,
): Promise<RegistryInfo> {
  const { programs } = await context.parts.get('registry');
  const dir = join(context.dir, 'registry');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [port] = await freePorts(1);
  const caFile = join(dir, 'ca.crt');
  const configFile = join(dir, 'config.yaml');
  const { authority } = context;
  const serving = await authority.issue({
    commonName: 'registry',
    hosts: ['127.0.0.1', 'localhost'],
  });
  await writeFile(caFile, authority.certificate);
  await writeFile(join(dir, 'tls.crt'), serving.certificate);
  await writeFile(join(dir, 'tls.key'), serving.key, { mode: 0o600 });
  await writeFile(configFile, registryConfig(dir, port));
  const url = `https://127.0.0.1:${port}`;
  const client = new KubernetesClient({
    server: url,
    ca: authority.certificate,
    ...(await authority.issue({ commonName: 'lattice-lab' })),
  });
  try {
    await startProcess(context, {
      name: 'registry',
      program: programs.registry,
      args: ['serve', configFile],
      // The registry takes OTEL_* for its own exporters, and would wait for one that is not there.
      env: { OTEL_TRACES_EXPORTER: 'none' },
      isReady: async () => {
        await client.call('GET', '/v2/');
        return true;
      },
    });
  } finally {
    await client.close();
  }
  return { url, caFile };
}

function registryConfig(dir: string, port: number): string {
  return stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(dir, 'storage') },
      delete: { enabled: true },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      tls: { certificate: join(dir, 'tls.crt'), key: join(dir, 'tls.key') },
    },
  });
}
