import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import {
  LATTICE_PLUGIN_ID,
  LatticeClient,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { readLatticeProviderConfig } from './config';
import { LatticeEntityProvider } from './LatticeEntityProvider';

/** Brings packages into the catalog, one provider per cluster. Off until `catalog.providers.lattice` is set. */
export const catalogModuleLattice = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'lattice',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, catalog, config, discovery, logger, scheduler }) {
        const settings = readLatticeProviderConfig(config);
        if (!settings) {
          return;
        }
        const lattice = new LatticeClient({
          fetchApi: { fetch },
          discoveryApi: discovery,
        });
        // The catalog holds what every reader of the catalog may see, so it is read as a service, not as a user;
        // the catalog's own permissions govern from there on.
        const getToken = async () => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: await auth.getOwnServiceCredentials(),
            targetPluginId: LATTICE_PLUGIN_ID,
          });
          return token;
        };
        for (const cluster of settings.clusters) {
          catalog.addEntityProvider(
            new LatticeEntityProvider({
              cluster,
              namespace: settings.namespace,
              defaultOwner: settings.defaultOwner,
              lattice,
              getToken,
              schedule: scheduler.createScheduledTaskRunner(settings.schedule),
              logger: logger.child({ cluster }),
            }),
          );
        }
      },
    });
  },
});
