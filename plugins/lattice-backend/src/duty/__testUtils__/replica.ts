import { LoggerService } from '@backstage/backend-plugin-api';
import { createClusters } from '../../clusters/createClusters';
import { ClusterConnection, ResourceKind } from '../../clusters/types';
import { LeaseTiming } from '../../controllers/leadershipTypes';

/** How a replica in a process of its own is started; in JSON, as its only argument. */
export interface ReplicaSettings {
  readonly kubeconfig: string;
  readonly timing: LeaseTiming;
  readonly target: { readonly namespace: string; readonly name: string };
}

const CONFIG_MAPS: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const WRITE_MS = 10;

const logger: LoggerService = {
  error: message => say({ error: message }),
  warn: message => say({ warn: message }),
  info: () => undefined,
  debug: () => undefined,
  child: () => logger,
};

/** Acts on one cluster whenever it may, as fast as it can, until it is killed. */
async function run(settings: ReplicaSettings): Promise<void> {
  const clusters = createClusters({
    clusters: [
      { name: 'lab', mode: 'reconcile', kubeconfig: settings.kubeconfig },
    ],
    logger,
    leaseTiming: settings.timing,
    leaseThread: {},
  });
  process.once('SIGTERM', () => {
    void clusters.stop().then(() => process.exit(0));
  });
  await clusters.start();
  const leadership = clusters.leadership('lab');
  leadership.onChange(isLeader => say({ isLeader }));
  say({ ready: true });
  const connection = clusters.get('lab');
  for (;;) {
    if (connection && leadership.isLeader()) {
      await write(connection, settings);
    }
    await new Promise(resolve => setTimeout(resolve, WRITE_MS));
  }
}

/** Without a resourceVersion, so that nothing but the Lease keeps it from being late. */
async function write(
  connection: ClusterConnection,
  { target }: ReplicaSettings,
): Promise<void> {
  const value = String(process.hrtime.bigint());
  try {
    await connection.client.jsonPatch(CONFIG_MAPS, target, [
      { op: 'add', path: '/data', value: { value } },
    ]);
  } catch (error) {
    say({ failed: (error as Error).message });
  }
}

function say(news: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(news)}\n`);
}

void run(JSON.parse(process.argv[2]) as ReplicaSettings);
