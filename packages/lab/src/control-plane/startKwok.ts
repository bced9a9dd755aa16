import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../cluster/KubernetesClient.ts';
import type { LabContext } from '../lab/types.ts';
import { startProcess } from '../processes/startProcess.ts';

/** Names of the nodes that KWOK pretends to run. */
export const NODES = ['lab-node-1', 'lab-node-2'] as const;

/** Stage files of the kwok module that make nodes, pods and volumes behave well at once. */
const STAGE_FILES = [
  'node/fast',
  'node/heartbeat-with-lease',
  'pod/fast',
  'volume/fast',
];
const STORAGE_CLASS_FILE = 'volume/fast/storage-class.yaml';
const READY_TIMEOUT_MS = 60_000;

/** Starts KWOK with two fake nodes, on which every pod runs well and every claim is bound. */
export async function startKwok(
  context: LabContext,
  client: KubernetesClient,
  kubeconfigFile: string,
): Promise<void> {
  const { programs } = await context.parts.get('kwok');
  const { filesDir = '' } = await context.parts.get('sources');
  const stagesFile = join(context.dir, 'control-plane', 'stages.yaml');
  await writeFile(stagesFile, await stages(join(filesDir, 'stages')));
  for (const name of NODES) {
    await client.apply(fakeNode(name), 'lattice-lab');
  }
  await client.apply(storageClass(), 'lattice-lab');
  await startProcess(context, {
    name: 'kwok',
    program: programs.kwok,
    args: [
      `--kubeconfig=${kubeconfigFile}`,
      '--manage-all-nodes=true',
      `--config=${stagesFile}`,
      '--node-lease-duration-seconds=40',
    ],
    isReady: async () => {
      const nodes = await Promise.all(
        NODES.map(name =>
          client.call<KubernetesObject>('GET', `/api/v1/nodes/${name}`),
        ),
      );
      return nodes.every(isSchedulable);
    },
    timeoutMs: READY_TIMEOUT_MS,
  });
}

async function stages(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const group of STAGE_FILES) {
    const names = (await readdir(join(folder, group))).filter(name =>
      name.endsWith('.yaml'),
    );
    for (const name of names.sort()) {
      const path = join(group, name);
      if (name !== 'kustomization.yaml' && path !== STORAGE_CLASS_FILE) {
        texts.push(await readFile(join(folder, path), 'utf8'));
      }
    }
  }
  return texts.join('\n---\n');
}

function isSchedulable(node: KubernetesObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as {
    conditions?: { type: string; status: string }[];
  };
  const { taints = [] } = (node.spec ?? {}) as { taints?: unknown[] };
  const isReady = conditions.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  return isReady && taints.length === 0;
}

function fakeNode(name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node-role.kubernetes.io/worker': '',
      },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    status: {
      capacity: { cpu: '64', memory: '256Gi', pods: '1000' },
      allocatable: { cpu: '64', memory: '256Gi', pods: '1000' },
    },
  };
}

function storageClass(): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'kwok-volume',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'kwok.x-k8s.io/volume',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  };
}
