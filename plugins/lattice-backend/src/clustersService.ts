import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { Clusters, createClusters } from './clusters/createClusters';
import { readLatticeConfig } from './config';
import { createMetrics } from './metrics';

/** The clusters of this process. Belongs to the plugin `lattice` alone: any other would watch everything again. */
export const clustersServiceRef = createServiceRef<Clusters>({
  id: 'lattice.clusters',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
      },
      factory: ({ config, logger, metrics }) => {
        const { clusters, controllers } = readLatticeConfig(config);
        return createClusters({
          clusters,
          areControllersEnabled: controllers.enabled,
          logger,
          metrics: createMetrics(metrics),
          leaseThread: {},
        });
      },
    }),
});
