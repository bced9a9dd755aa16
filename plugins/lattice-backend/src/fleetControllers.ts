import { LoggerService } from '@backstage/backend-plugin-api';
import { Clusters } from './clusters/createClusters';
import { ClusterConnection } from './clusters/types';
import { LatticeConfig } from './config';
import { Controller } from './controllers/createController';
import { createMeshController } from './mesh/createMeshController';
import { LatticeMetrics } from './metrics';

/** Every control loop of this process. */
export interface FleetControllers {
  /** Starts the loops of all clusters in mode `reconcile`. Never rejects: what cannot start is logged. */
  start(): Promise<void>;
  /** Resolves when no loop works any more. Stop the clusters after it. */
  stop(): Promise<void>;
}

/** What the loops are built from. */
export interface FleetControllersOptions {
  readonly clusters: Pick<Clusters, 'list' | 'leadership'>;
  readonly config: LatticeConfig;
  readonly logger: LoggerService;
  readonly metrics: LatticeMetrics;
  /** Replaced in tests. */
  readonly createMesh?: typeof createMeshController;
}

/** Creates the loops; nothing runs before `start`. Without `lattice.controllers.enabled` there are none. */
export function createFleetControllers(
  options: FleetControllersOptions,
): FleetControllers {
  const running: Controller[] = [];
  const run = (controller: Controller) => {
    running.push(controller);
    controller.start();
  };
  return {
    start: async () => {
      if (!options.config.controllers.enabled) {
        options.logger.info('Controllers are off: this process only shows');
        return;
      }
      for (const connection of options.clusters.list()) {
        if (connection.mode === 'reconcile') {
          run(meshController(options, connection));
        }
      }
    },
    stop: async () => {
      await Promise.allSettled(
        running.splice(0).map(controller => controller.stop()),
      );
    },
  };
}

function meshController(
  options: FleetControllersOptions,
  connection: ClusterConnection,
): Controller {
  const { clusters, config, logger, metrics } = options;
  const configured = config.clusters.find(
    ({ name }) => name === connection.name,
  );
  if (!configured) {
    throw new Error(`Cluster ${connection.name} is not configured`);
  }
  const create = options.createMesh ?? createMeshController;
  return create({
    connection,
    leadership: clusters.leadership(connection.name),
    profile: configured.profile,
    latticeServices: configured.latticeServices,
    rules: config.admission,
    logger,
    metrics,
  });
}
