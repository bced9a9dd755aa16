import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { ClusterAccess } from './KubernetesClient.ts';

const CONTEXT = 'lattice-lab';

/** Text of a kubeconfig with everything inside, for one client certificate. */
export function kubeconfig(access: ClusterAccess): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': CONTEXT,
    clusters: [
      {
        name: CONTEXT,
        cluster: {
          server: access.server,
          'certificate-authority-data': base64(access.ca),
        },
      },
    ],
    users: [
      {
        name: CONTEXT,
        user: {
          'client-certificate-data': base64(access.certificate),
          'client-key-data': base64(access.key),
        },
      },
    ],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT } }],
  });
}

/** Reads back a kubeconfig that `kubeconfig` wrote. */
export async function readAccess(path: string): Promise<ClusterAccess> {
  const config = parse(await readFile(path, 'utf8')) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const text = (base64: string) =>
    Buffer.from(base64, 'base64').toString('utf8');
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  return {
    server: cluster.server,
    ca: text(cluster['certificate-authority-data']),
    certificate: text(user['client-certificate-data']),
    key: text(user['client-key-data']),
  };
}
