import { ClusterResult } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterState } from '../clusters/createClusters';
import { ClusterConnection, ResourceCache } from '../clusters/types';

/** How good an answer from these caches of one cluster is: as good as the worst of them. */
export function clusterResult(
  connection: Pick<ClusterConnection, 'name' | 'mode' | 'revision'>,
  caches: readonly ResourceCache[],
  state?: Pick<ClusterState, 'error'>,
): ClusterResult {
  const oldest = oldestSeen(caches);
  const error =
    caches.find(cache => cache.error !== undefined)?.error ?? state?.error;
  return {
    cluster: connection.name,
    mode: connection.mode,
    complete: caches.every(cache => cache.isComplete),
    revision: connection.revision,
    ...(oldest && { lastSeenAt: oldest.toISOString() }),
    ...(error !== undefined && { error }),
  };
}

/** What is said of a cluster that is configured but cannot be used. */
export function unusableResult(state: ClusterState): ClusterResult {
  return {
    cluster: state.name,
    mode: state.mode,
    complete: false,
    revision: 0,
    ...(state.error !== undefined && { error: state.error }),
  };
}

function oldestSeen(caches: readonly ResourceCache[]): Date | undefined {
  let oldest: Date | undefined;
  for (const { lastSeenAt } of caches) {
    if (!lastSeenAt) {
      return undefined;
    }
    if (!oldest || lastSeenAt < oldest) {
      oldest = lastSeenAt;
    }
  }
  return oldest;
}
