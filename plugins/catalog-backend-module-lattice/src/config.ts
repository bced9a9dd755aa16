import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';

/** What `catalog.providers.lattice` says. */
export interface LatticeProviderConfig {
  readonly clusters: readonly string[];
  readonly namespace: string;
  readonly defaultOwner: string;
  readonly schedule: SchedulerServiceTaskScheduleDefinition;
}

const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 1 },
  timeout: { seconds: 50 },
  initialDelay: { seconds: 5 },
};

/** `undefined` unless `catalog.providers.lattice` is set: packages come into the catalog only when asked for. */
export function readLatticeProviderConfig(
  config: Config,
): LatticeProviderConfig | undefined {
  if (!config.has('catalog.providers.lattice')) {
    return undefined;
  }
  const provider = config.getConfig('catalog.providers.lattice');
  const configured = (
    config.getOptionalConfigArray('lattice.clusters') ?? []
  ).map(cluster => cluster.getString('name'));
  return {
    clusters: provider.getOptionalStringArray('clusters') ?? configured,
    namespace: provider.getOptionalString('namespace') ?? 'lattice',
    defaultOwner: provider.getOptionalString('defaultOwner') ?? 'unknown',
    schedule: provider.has('schedule')
      ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
          provider.getConfig('schedule'),
        )
      : DEFAULT_SCHEDULE,
  };
}
