import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DatabaseService, LoggerService } from '@backstage/backend-plugin-api';
import { Clusters } from '../clusters/createClusters';
import { ObserverDuty } from './ObserverDuty';
import { openDutyTable } from './openDutyTable';

/** The duty of this process for the clusters that it only observes. Nothing happens before its start. */
export function openObserverDuty(options: {
  readonly clusters: Pick<Clusters, 'states'>;
  readonly database: DatabaseService;
  readonly logger: LoggerService;
}): ObserverDuty {
  const { clusters, database, logger } = options;
  return new ObserverDuty({
    openTable: () => openDutyTable(database),
    clusters: () =>
      clusters
        .states()
        .filter(({ mode, isRefused }) => mode === 'observe' && !isRefused)
        .map(({ name, uid }) => ({ name, id: uid ?? name })),
    identity: `${hostname()}_${randomUUID()}`,
    logger,
  });
}
