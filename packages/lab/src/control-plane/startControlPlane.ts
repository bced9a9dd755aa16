import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey } from '../certificates/CertificateAuthority.ts';
import type { CertificateRequest } from '../certificates/CertificateAuthority.ts';
import { kubeconfig } from '../cluster/kubeconfig.ts';
import { KubernetesClient } from '../cluster/KubernetesClient.ts';
import type { ClusterAccess } from '../cluster/KubernetesClient.ts';
import type { LabContext } from '../lab/types.ts';
import { freePorts } from '../processes/freePorts.ts';
import { startProcess } from '../processes/startProcess.ts';
import {
  apiServerArguments,
  AUDIT_POLICY,
  etcdArguments,
} from './arguments.ts';
import { startKwok } from './startKwok.ts';

const ADMINISTRATORS = 'system:masters';
const READY_TIMEOUT_MS = 120_000;

/** A control plane that answers. */
export type ControlPlane = {
  server: string;
  kubeconfig: string;
  auditLog: string;
  caFile: string;
  client: KubernetesClient;
  /** Writes a kubeconfig for another client of this cluster and returns its path. */
  writeKubeconfig: (
    name: string,
    request: CertificateRequest,
  ) => Promise<string>;
};

/**
 * Starts etcd, the API server, controller manager, scheduler and KWOK, in the order in which they need each other. What
 * has to be in the cluster from the start is put there beside the start of the controllers.
 */
export async function startControlPlane(
  context: LabContext,
  prepare: (client: KubernetesClient) => Promise<void>,
): Promise<ControlPlane> {
  const dir = join(context.dir, 'control-plane');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const etcdPart = await context.parts.get('etcd');
  const [etcdPort, peerPort, apiPort, controllerPort, schedulerPort] =
    await freePorts(5);
  await writeKeys(context, dir);
  await startEtcd(context, {
    dir,
    program: etcdPart.programs.etcd,
    etcdPort,
    peerPort,
  });

  const { programs } = await context.parts.get('kubernetes');
  const server = `https://127.0.0.1:${apiPort}`;
  const writeKubeconfig = async (name: string, request: CertificateRequest) => {
    const path = join(dir, `${name}.kubeconfig`);
    await writePrivate(
      path,
      kubeconfig(await accessFor(context, server, request)),
    );
    return path;
  };
  const adminFile = join(context.dir, 'kubeconfig');
  const admin = await accessFor(context, server, {
    commonName: 'lattice-lab-admin',
    organization: ADMINISTRATORS,
  });
  await writePrivate(adminFile, kubeconfig(admin));
  const client = new KubernetesClient(admin);
  const auditLog = join(context.dir, 'audit.log');
  await startProcess(context, {
    name: 'kube-apiserver',
    program: programs['kube-apiserver'],
    args: apiServerArguments({ dir, etcdPort, apiPort, auditLog }),
    isReady: async () => (await client.call<string>('GET', '/readyz')) === 'ok',
    timeoutMs: READY_TIMEOUT_MS,
  });
  await Promise.all([
    prepare(client),
    startController(context, 'kube-controller-manager', {
      program: programs['kube-controller-manager'],
      port: controllerPort,
      kubeconfigFile: await writeKubeconfig('controller-manager', {
        commonName: 'system:kube-controller-manager',
      }),
      args: [
        '--use-service-account-credentials=true',
        `--service-account-private-key-file=${join(dir, 'sa.key')}`,
        `--root-ca-file=${join(dir, 'ca.crt')}`,
        // A new node may be used within a second: its taint is taken off in this rhythm.
        '--node-monitor-period=1s',
      ],
    }),
    startController(context, 'kube-scheduler', {
      program: programs['kube-scheduler'],
      port: schedulerPort,
      kubeconfigFile: await writeKubeconfig('scheduler', {
        commonName: 'system:kube-scheduler',
      }),
      args: [],
    }),
    startKwok(
      context,
      client,
      await writeKubeconfig('kwok', {
        commonName: 'lattice-lab-kwok',
        organization: ADMINISTRATORS,
      }),
    ),
  ]);
  return {
    server,
    kubeconfig: adminFile,
    auditLog,
    caFile: join(dir, 'ca.crt'),
    client,
    writeKubeconfig,
  };
}

async function writeKeys(context: LabContext, dir: string): Promise<void> {
  const { authority } = context;
  const signing = await newSigningKey();
  const serving = await authority.issue({
    commonName: 'kube-apiserver',
    hosts: [
      '127.0.0.1',
      '10.96.0.1',
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
    ],
  });
  const etcd = await authority.issue({
    commonName: 'etcd',
    hosts: ['127.0.0.1', 'localhost'],
  });
  const files: Record<string, string> = {
    'ca.crt': authority.certificate,
    'sa.pub': signing.publicKey,
    'sa.key': signing.privateKey,
    'apiserver.crt': serving.certificate,
    'apiserver.key': serving.key,
    'etcd.crt': etcd.certificate,
    'etcd.key': etcd.key,
    'audit-policy.yaml': AUDIT_POLICY,
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) =>
      writePrivate(join(dir, name), text),
    ),
  );
}

async function accessFor(
  context: LabContext,
  server: string,
  request: CertificateRequest,
): Promise<ClusterAccess> {
  const { certificate, key } = await context.authority.issue(request);
  return { server, ca: context.authority.certificate, certificate, key };
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}

type EtcdOptions = {
  dir: string;
  program: string;
  etcdPort: number;
  peerPort: number;
};

async function startEtcd(
  context: LabContext,
  options: EtcdOptions,
): Promise<void> {
  const { dir, program, etcdPort, peerPort } = options;
  const { authority } = context;
  const client = new KubernetesClient({
    server: `https://127.0.0.1:${etcdPort}`,
    ca: authority.certificate,
    ...(await authority.issue({ commonName: 'lattice-lab' })),
  });
  try {
    await startProcess(context, {
      name: 'etcd',
      program,
      args: etcdArguments({ dir, etcdPort, peerPort }),
      isReady: async () => {
        const { health } = await client.call<{ health: string }>(
          'GET',
          '/health',
        );
        return health === 'true';
      },
    });
  } finally {
    await client.close();
  }
}

type ControllerOptions = {
  program: string;
  port: number;
  kubeconfigFile: string;
  args: string[];
};

async function startController(
  context: LabContext,
  name: string,
  options: ControllerOptions,
): Promise<void> {
  const { program, port, kubeconfigFile, args } = options;
  const client = new KubernetesClient({
    server: `https://127.0.0.1:${port}`,
    ca: context.authority.certificate,
    ...(await context.authority.issue({ commonName: 'lattice-lab' })),
  });
  const serving = await context.authority.issue({
    commonName: name,
    hosts: ['127.0.0.1'],
  });
  const files = { crt: `${kubeconfigFile}.crt`, key: `${kubeconfigFile}.key` };
  await writePrivate(files.crt, serving.certificate);
  await writePrivate(files.key, serving.key);
  try {
    await startProcess(context, {
      name,
      program,
      args: [
        `--kubeconfig=${kubeconfigFile}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--tls-cert-file=${files.crt}`,
        `--tls-private-key-file=${files.key}`,
        // There is one of each: electing a leader would only delay the start.
        '--leader-elect=false',
        // The defaults spare a shared API server, and make the first start wait seconds for its own throttle.
        '--kube-api-qps=300',
        '--kube-api-burst=600',
        ...args,
      ],
      isReady: async () =>
        (await client.call<string>('GET', '/healthz')) === 'ok',
      timeoutMs: READY_TIMEOUT_MS,
    });
  } finally {
    await client.close();
  }
}
