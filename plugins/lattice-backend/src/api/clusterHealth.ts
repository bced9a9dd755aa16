import {
  ClusterResult,
  components,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Readable without sign-in, so it counts clusters and names none. */
export type ClusterHealth = components['schemas']['Health'];

/** Health of the plugin: a cluster that is away is a number, never a failure. */
export function clusterHealth(
  results: readonly ClusterResult[],
): ClusterHealth {
  const seen = results.flatMap(({ lastSeenAt }) => lastSeenAt ?? []).sort();
  return {
    status: 'ok',
    clusters: {
      configured: results.length,
      complete: results.filter(({ complete }) => complete).length,
    },
    ...(seen.length > 0 && { oldestSeenAt: seen[0] }),
  };
}
