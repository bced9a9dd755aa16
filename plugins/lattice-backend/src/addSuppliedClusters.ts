import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  ClusterSupplier,
  SuppliedCluster,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { ClusterConfig } from './clusters/ClusterConfig';
import { Clusters } from './clusters/createClusters';
import { clusterSchema } from './config';

/**
 * Asks modules for their clusters, all at once. One that fails is logged by its id and leaves the others alone. Never
 * rejects.
 */
export async function addSuppliedClusters(options: {
  readonly clusters: Pick<Clusters, 'add'>;
  readonly suppliers: readonly ClusterSupplier[];
  readonly logger: LoggerService;
  /** How long a supplier may take. */
  readonly timeLimitMs: number;
}): Promise<void> {
  const { clusters, suppliers, logger, timeLimitMs } = options;
  const answers = await Promise.allSettled(
    suppliers.map(supplier => withinLimit(supplier, timeLimitMs)),
  );
  answers.forEach((answer, index) => {
    const { id } = suppliers[index];
    if (answer.status === 'rejected') {
      logger.error(
        `The clusters of ${id} are not known: ${
          toError(answer.reason).message
        }`,
      );
      return;
    }
    for (const cluster of answer.value) {
      try {
        clusters.add(configOf(cluster, id));
      } catch (error) {
        logger.error(
          `A cluster of ${id} is not used: ${toError(error).message}`,
        );
      }
    }
  });
}

async function withinLimit(
  supplier: ClusterSupplier,
  timeLimitMs: number,
): Promise<readonly SuppliedCluster[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${timeLimitMs / 1000} s`)),
      timeLimitMs,
    );
  });
  try {
    return await Promise.race([supplier.clusters(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

function configOf(cluster: SuppliedCluster, id: string): ClusterConfig {
  const { name, url, caData, token } = cluster;
  const checked = clusterSchema.shape.name.safeParse(name);
  return {
    name,
    mode: 'observe',
    source: id,
    ...(checked.success
      ? { endpoint: { url, caData, token } }
      : { problem: `its name ${checked.error.issues[0].message}` }),
  };
}
