import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import {
  ClusterSupplier,
  latticeClustersExtensionPoint,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { registerActions } from './actions/registerActions';
import { addSuppliedClusters } from './addSuppliedClusters';
import { announceChanges } from './api/announceChanges';
import { AuthorizedMemberStore } from './api/AuthorizedMemberStore';
import { AuthorizedPackageStore } from './api/AuthorizedPackageStore';
import { CacheMemberStore } from './api/CacheMemberStore';
import { CachePackageStore } from './api/CachePackageStore';
import { createRouter } from './api/createRouter';
import { FleetReader } from './api/FleetReader';
import { NO_CLUSTERS_NOTE } from './api/FleetStore';
import { addPermissionResources } from './api/permissionResources';
import { firstListsEnded } from './clusters/firstLists';
import { clustersServiceRef } from './clustersService';
import { readLatticeConfig } from './config';
import { FleetDuty } from './duty/FleetDuty';
import { openObserverDuty } from './duty/openObserverDuty';
import { FleetControllers } from './FleetControllers';
import { createMetrics } from './metrics';
import { withDeadline } from './withDeadline';

const STOP_DEADLINE_MS = 15_000;
const SUPPLIERS_LIMIT_MS = 10_000;
/** Longest time that a cluster which does not answer keeps the portal from being ready. */
const FIRST_LISTS_DEADLINE_MS = 10_000;
const FIRST_LISTS_LATE =
  'Ready although not every cluster has been read yet: what is missing is shown as incomplete';

/** The backend of Lattice. */
export const latticePlugin = createBackendPlugin({
  pluginId: 'lattice',
  register(env) {
    const suppliers: ClusterSupplier[] = [];
    env.registerExtensionPoint(latticeClustersExtensionPoint, {
      addClusterSupplier: supplier => suppliers.push(supplier),
    });
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        clusters: clustersServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { clusters, logger, lifecycle, permissionsRegistry } = deps;
        const config = readLatticeConfig(deps.config);
        const reader = new FleetReader({ clusters, owners: config.owners });
        addPermissionResources(permissionsRegistry, reader);

        const profileOf = (cluster: string) =>
          config.clusters.find(({ name }) => name === cluster)?.profile;
        const members = new AuthorizedMemberStore({
          store: new CacheMemberStore({
            reader,
            profileOf,
          }),
          permissions: deps.permissions,
          permissionsRegistry,
        });
        const packages = new AuthorizedPackageStore({
          store: new CachePackageStore({ reader, secrets: config.secrets }),
          members,
          permissions: deps.permissions,
          permissionsRegistry,
        });
        deps.httpRouter.use(
          createRouter({
            packages,
            members,
            reader,
            profileOf,
            httpAuth: deps.httpAuth,
          }),
        );
        deps.httpRouter.addAuthPolicy({
          path: '/health',
          allow: 'unauthenticated',
        });

        registerActions(deps.actionsRegistry, { packages, members });

        await addSuppliedClusters({
          clusters,
          suppliers,
          logger,
          timeLimitMs: SUPPLIERS_LIMIT_MS,
        });
        if (!reader.hasClusters) {
          logger.info(NO_CLUSTERS_NOTE);
        }
        for (const key of config.keysWithoutEffect) {
          logger.warn(`${key} is set but has no effect in this version`);
        }
        const observer = openObserverDuty({
          clusters,
          database: deps.database,
          logger,
        });
        const duty = new FleetDuty({ clusters, observer });
        const stopAnnouncing = announceChanges({ ...deps, duty });
        const controllers = new FleetControllers({
          clusters,
          config,
          logger,
          metrics: createMetrics(deps.metrics),
        });
        lifecycle.addStartupHook(async () => {
          observer.start();
          await clusters.start();
          const caches = reader.warm();
          await controllers.start();
          // Backstage says that the process is ready when the hooks have ended.
          const deadlineMs = FIRST_LISTS_DEADLINE_MS;
          if (!(await firstListsEnded(caches, { deadlineMs }))) {
            logger.warn(FIRST_LISTS_LATE);
          }
        });
        lifecycle.addShutdownHook(async () => {
          stopAnnouncing();
          await withDeadline(observer.stop(), {
            ms: STOP_DEADLINE_MS,
            what: 'Ending the duty for observed clusters',
            logger,
          });
          await withDeadline(controllers.stop(), {
            ms: STOP_DEADLINE_MS,
            what: 'Stopping the controllers',
            logger,
          });
          await withDeadline(clusters.stop(), {
            ms: STOP_DEADLINE_MS,
            what: 'Stopping the clusters',
            logger,
          });
        });
      },
    });
  },
});
