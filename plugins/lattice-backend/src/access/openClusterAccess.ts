import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterAccess } from '../clusters/types';
import { AccessGrant, AccessProxy } from './AccessProxy';

/** Opens a way to an API server and writes the kubeconfig that names it. */
export async function openClusterAccess(
  proxy: AccessProxy,
  grant: AccessGrant,
): Promise<ClusterAccess> {
  const session = await proxy.open(grant);
  const folder = await makeFolder().catch(error => {
    session.close();
    throw error;
  });
  const kubeconfigPath = join(folder, 'kubeconfig');
  const close = async () => {
    session.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(kubeconfigPath, kubeconfigText(session.url), {
      mode: 0o600,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kubeconfigPath,
    get requestCount() {
      return session.requestCount;
    },
    close,
  };
}

/** Readable by its owner alone, as mkdtemp creates it. */
function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'lattice-access-'));
}

/** JSON is YAML. It holds no credential: the URL itself is what opens the way. */
function kubeconfigText(server: string): string {
  const name = 'lattice';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
