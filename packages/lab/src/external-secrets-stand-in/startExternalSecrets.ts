import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane/startControlPlane.ts';
import type { LabContext } from '../lab/types.ts';
import { freePorts } from '../processes/freePorts.ts';
import { startNodeProcess } from '../processes/startNodeProcess.ts';
import { startProcess } from '../processes/startProcess.ts';
import { SecretBackend } from './SecretBackend.ts';

/** Name of the ClusterSecretStore that the lab brings. */
export const SECRET_STORE = 'lattice-lab';

const FIELD_MANAGER = 'lattice-lab';
const ADMINISTRATORS = 'system:masters';
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts the stand-in or, with `LATTICE_LAB_ESO=real`, the real operator, and creates the lab's ClusterSecretStore.
 * Both read what the returned backend holds.
 */
export async function startExternalSecrets(
  context: LabContext,
  controlPlane: ControlPlane,
): Promise<SecretBackend> {
  const isReal = context.env.LATTICE_LAB_ESO === 'real';
  const store = join(context.dir, 'secrets');
  await mkdir(store, { recursive: true, mode: 0o700 });
  const kubeconfig = await controlPlane.writeKubeconfig('external-secrets', {
    commonName: 'lattice-lab-external-secrets',
    organization: ADMINISTRATORS,
  });
  const backend: SecretBackend = new SecretBackend(store, () =>
    isReal ? applyStore(controlPlane, backend) : Promise.resolve(),
  );
  if (isReal) {
    await startOperator(context, kubeconfig);
  } else {
    const readyFile = join(context.dir, 'external-secrets-stand-in.ready');
    await startNodeProcess(context, {
      name: 'external-secrets-stand-in',
      main: 'external-secrets-stand-in/main.ts',
      args: [
        '--kubeconfig',
        kubeconfig,
        '--store',
        store,
        '--ready-file',
        readyFile,
      ],
      readyFile,
    });
  }
  await applyStore(controlPlane, backend, !isReal);
  return backend;
}

/** The store's provider is External Secrets' own `fake`, whose values lie in the store object itself. */
async function applyStore(
  { client }: ControlPlane,
  backend: SecretBackend,
  isEmpty = false,
): Promise<void> {
  const data = isEmpty ? [] : await backend.entries();
  await client.apply(
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: SECRET_STORE },
      spec: { provider: { fake: { data } } },
    },
    FIELD_MANAGER,
  );
}

async function startOperator(
  context: LabContext,
  kubeconfig: string,
): Promise<void> {
  const { programs } = await context.parts.get('external-secrets');
  const [metricsPort] = await freePorts(1);
  await startProcess(context, {
    name: 'external-secrets',
    program: programs['external-secrets'],
    args: [
      `--metrics-addr=127.0.0.1:${metricsPort}`,
      '--enable-leader-election=false',
      '--concurrent=4',
    ],
    // It has no flag for this, and its environment holds nothing else that names a cluster.
    env: { KUBECONFIG: kubeconfig },
    isReady: async () =>
      (
        await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
      ).ok,
    timeoutMs: READY_TIMEOUT_MS,
  });
}
