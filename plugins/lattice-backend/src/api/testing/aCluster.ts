import {
  ChangeSignal,
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { noLeadership } from '../../controllers/leadership';
import { Clusters, ClusterState } from '../../clusters/createClusters';
import {
  ClusterConnection,
  ResourceCache,
  ResourceKind,
} from '../../clusters/types';

/** A cluster whose caches hold these objects, for tests of what is read out of them. */
export interface ClusterOptions {
  readonly name?: string;
  readonly mode?: ClusterConnection['mode'];
  readonly objects?: readonly KubernetesObject[];
  readonly setUp?: ClusterConnection['setUp'];
  /** The caches are partial, for this reason. */
  readonly error?: string;
}

const SEEN_AT = new Date('2026-01-02T03:04:05Z');

function aCache(
  kind: ResourceKind,
  objects: readonly KubernetesObject[],
  error: string | undefined,
): ResourceCache {
  const held = objects.filter(object => object.kind === kind.kind);
  return {
    kind,
    get: (key: ObjectKey | { name: string }) =>
      held.find(
        ({ metadata }) =>
          metadata.name === key.name &&
          (!('namespace' in key) || metadata.namespace === key.namespace),
      ),
    list: namespace =>
      held.filter(
        ({ metadata }) => !namespace || metadata.namespace === namespace,
      ),
    isComplete: error === undefined,
    lastSeenAt: SEEN_AT,
    error,
    onChange: () => () => undefined,
    synced: async () => undefined,
  };
}

/** See {@link ClusterOptions}. Requests to the cluster itself fail the test. */
export function aCluster(options: ClusterOptions = {}): ClusterConnection {
  const { name = 'lab', mode = 'reconcile', objects = [], error } = options;
  const { setUp } = options;
  const unreachable = () => {
    throw new Error('the API must answer from the caches alone');
  };
  return {
    name,
    mode,
    revision: 7,
    setUp,
    cache: kind => aCache(kind, objects, error),
    get client(): ClusterConnection['client'] {
      return unreachable();
    },
    openAccess: async () => unreachable(),
  };
}

/** Clusters of which those in `refused` are configured but cannot be used. `announce` plays a change. */
export function someClusters(
  connections: readonly ClusterConnection[],
  refused: readonly ClusterState[] = [],
): Clusters & { announce(signal: ChangeSignal): void } {
  const listeners = new Set<(signal: ChangeSignal) => void>();
  return {
    list: () => [...connections],
    get: name => connections.find(connection => connection.name === name),
    add: () => undefined,
    states: () => [
      ...connections.map(({ name, mode }) => ({
        name,
        mode,
        isRefused: false,
        isLeader: false,
      })),
      ...refused,
    ],
    leadership: () => noLeadership(),
    start: async () => undefined,
    stop: async () => undefined,
    onChange: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce: signal => listeners.forEach(listener => listener(signal)),
  };
}
