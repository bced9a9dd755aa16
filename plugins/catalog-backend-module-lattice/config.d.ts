import { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  catalog?: {
    providers?: {
      /**
       * Brings the packages of every cluster into the catalog. From then on the permissions of the catalog, not those
       * of Lattice, govern who sees that a package exists. Off unless set; an empty object is enough.
       */
      lattice?: {
        /** Names of clusters. Default: those of `lattice.clusters`. */
        clusters?: string[];
        /** Catalog namespace of the entities. Default: `lattice`. */
        namespace?: string;
        /** Owner of packages whose namespace names none. Default: `unknown`. */
        defaultOwner?: string;
        /** How often each cluster is read. Default: every minute. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      };
    };
  };
}
