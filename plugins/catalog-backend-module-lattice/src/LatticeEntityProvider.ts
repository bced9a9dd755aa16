import {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import {
  LatticeApi,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { packageEntity } from './packageEntity';

/** What the provider of one cluster needs. */
export interface LatticeEntityProviderOptions {
  readonly cluster: string;
  /** Catalog namespace of the entities. */
  readonly namespace: string;
  /** Owner of packages whose namespace has none. */
  readonly defaultOwner: string;
  readonly lattice: Pick<LatticeApi, 'listPackages'>;
  /** A token for the plugin `lattice`. */
  readonly getToken: () => Promise<string>;
  readonly schedule: SchedulerServiceTaskRunner;
  readonly logger: LoggerService;
}

/**
 * Brings the packages of one cluster into the catalog. A part is never taken for the whole: while the answer is not
 * complete nothing is changed, so that a cluster that is away loses no entity.
 */
export class LatticeEntityProvider implements EntityProvider {
  readonly #options: LatticeEntityProviderOptions;
  #connection: EntityProviderConnection | undefined;

  constructor(options: LatticeEntityProviderOptions) {
    this.#options = options;
  }

  /** Stable for ever: it owns the rows in the catalog's database. */
  getProviderName(): string {
    return `LatticeEntityProvider:${this.#options.cluster}`;
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
    await this.#options.schedule.run({
      id: `${this.getProviderName()}:refresh`,
      fn: signal => this.refresh(signal),
    });
  }

  /** Reads the cluster's packages and replaces what the catalog has of them. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const { cluster, lattice, getToken, logger } = this.#options;
    const answer = await lattice.listPackages(
      { cluster },
      { token: await getToken(), ...(signal && { signal }) },
    );
    const result = answer.clusters.find(one => one.cluster === cluster);
    if (!result?.complete) {
      logger.info(
        `Cluster ${cluster} is not read completely, its catalog entities stay as they are${
          result?.error ? `: ${result.error}` : ''
        }`,
      );
      return;
    }
    await this.#replace(answer.items);
  }

  async #replace(packages: readonly PackageSummary[]): Promise<void> {
    if (!this.#connection) {
      throw new Error(`${this.getProviderName()} is not connected`);
    }
    const { namespace, defaultOwner } = this.#options;
    await this.#connection.applyMutation({
      type: 'full',
      entities: packages.map(pkg => ({
        entity: packageEntity(pkg, { namespace, defaultOwner }),
        locationKey: this.getProviderName(),
      })),
    });
  }
}
