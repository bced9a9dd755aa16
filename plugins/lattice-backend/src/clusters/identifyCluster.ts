import { BackoffOptions, backoffMs } from './backoff';
import { Clock, sleep } from './clock';
import { ClusterClient, ResourceKind } from './types';

const NAMESPACES: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

/** The namespace that every cluster has from its first second to its last. */
const IDENTITY_NAMESPACE = 'kube-system';

/** What the question needs. */
export interface IdentifyClusterOptions {
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: BackoffOptions;
  readonly onFailure: (message: string) => void;
}

/** Asks a cluster for its UID until it answers; undefined when the signal aborted first. Never rejects. */
export async function identifyCluster(
  options: IdentifyClusterOptions,
): Promise<string | undefined> {
  const { client, signal, clock, random, backoff } = options;
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      const key = { name: IDENTITY_NAMESPACE };
      const namespace = await client.get(NAMESPACES, key, { signal });
      if (namespace?.metadata.uid) {
        return namespace.metadata.uid;
      }
      options.onFailure(`it has no namespace ${IDENTITY_NAMESPACE}`);
    } catch (error) {
      if (!signal.aborted) {
        options.onFailure(
          error instanceof Error ? error.message : 'unknown error',
        );
      }
    }
    await sleep(clock, backoffMs(failures, backoff, random), signal);
  }
  return undefined;
}
