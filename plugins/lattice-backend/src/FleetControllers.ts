import { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import { PolicyStore } from './cedar';
import { Clusters } from './clusters/createClusters';
import { KINDS } from './clusters/kinds';
import { ClusterConnection } from './clusters/types';
import { LatticeClusterConfig, LatticeConfig } from './config';
import { Controller } from './controllers/createController';
import { createMeshController } from './mesh/createMeshController';
import { LatticeMetrics } from './metrics';
import { createPackageController } from './package';
import { openPackageTools, PackageTools } from './packageTools';

/** What makes the parts; replaced in tests. */
export interface ControllerFactories {
  readonly createMeshController: typeof createMeshController;
  readonly createPackageController: typeof createPackageController;
  readonly openPackageTools: typeof openPackageTools;
}

/** What the loops are built from. */
export interface FleetControllersOptions {
  readonly clusters: Pick<Clusters, 'list' | 'leadership'>;
  readonly config: LatticeConfig;
  readonly logger: LoggerService;
  readonly metrics: LatticeMetrics;
  readonly factories?: ControllerFactories;
}

const FACTORIES: ControllerFactories = {
  createMeshController,
  createPackageController,
  openPackageTools,
};

/** Every control loop of this process. Without `lattice.controllers.enabled` there are none. */
export class FleetControllers {
  readonly #options: FleetControllersOptions;
  readonly #factories: ControllerFactories;
  readonly #running: Controller[] = [];
  #tools: PackageTools | undefined;
  #isStopped = false;

  constructor(options: FleetControllersOptions) {
    this.#options = options;
    this.#factories = options.factories ?? FACTORIES;
  }

  /** Starts the loops of all clusters in mode `reconcile`. Never rejects: what cannot start is logged. */
  async start(): Promise<void> {
    const { clusters, config, logger } = this.#options;
    if (!config.controllers.enabled) {
      logger.info('Controllers are off: this process only shows');
      return;
    }
    const connections = clusters
      .list()
      .filter(({ mode }) => mode === 'reconcile');
    for (const connection of connections) {
      this.#run(this.#meshController(connection));
    }
    if (connections.length > 0 && (await this.#openTools())) {
      for (const connection of connections) {
        this.#run(this.#packageController(connection));
      }
    }
  }

  /** Resolves when no loop works any more. Stop the clusters after it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(
      this.#running.splice(0).map(controller => controller.stop()),
    );
    await this.#tools?.close();
    this.#tools = undefined;
  }

  /** Without helm there are no packages, but the mesh goes on. */
  async #openTools(): Promise<boolean> {
    const { config, logger } = this.#options;
    try {
      this.#tools = await this.#factories.openPackageTools(config);
    } catch (error) {
      logger.error(
        `No package is installed or changed: ${toError(error).message}`,
      );
      return false;
    }
    if (this.#isStopped) {
      await this.#tools.close();
      return false;
    }
    return true;
  }

  #run(controller: Controller | undefined): void {
    if (controller && !this.#isStopped) {
      this.#running.push(controller);
      controller.start();
    }
  }

  #meshController(connection: ClusterConnection): Controller | undefined {
    const { clusters, config, logger, metrics } = this.#options;
    const cluster = this.#clusterConfig(connection);
    return (
      cluster &&
      this.#factories.createMeshController({
        connection,
        leadership: clusters.leadership(connection.name),
        profile: cluster.profile,
        latticeServices: cluster.latticeServices,
        rules: config.admission,
        logger,
        metrics,
      })
    );
  }

  #packageController(connection: ClusterConnection): Controller | undefined {
    const { clusters, config, logger, metrics } = this.#options;
    return (
      this.#tools &&
      this.#factories.createPackageController({
        connection,
        leadership: clusters.leadership(connection.name),
        helm: this.#tools.helm,
        charts: this.#tools.charts,
        cedar: new PolicyStore({
          cluster: connection.name,
          namespace: config.cedar.namespace,
          configured: config.cedar.policies,
          cache: connection.cache(KINDS.CedarPolicy),
          logger,
        }),
        config: {
          admission: config.admission,
          charts: config.charts,
          secrets: config.secrets,
        },
        logger,
        metrics,
      })
    );
  }

  #clusterConfig(
    connection: ClusterConnection,
  ): LatticeClusterConfig | undefined {
    return this.#options.config.clusters.find(
      ({ name }) => name === connection.name,
    );
  }
}
