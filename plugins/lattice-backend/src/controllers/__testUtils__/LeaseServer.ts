import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterError } from '../../clusters/ClusterError';
import { ClusterClient, ClusterErrorReason } from '../../clusters/types';

/** A client that can be cut off. */
export type LeaseClient = ClusterClient & { isCutOff: boolean };

/** The one Lease of an API server: compare-and-set by version, and the faults that matter. */
export class LeaseServer {
  lease: KubernetesObject | undefined;
  hasNamespace = true;
  writes = 0;
  #version = 0;

  /** A client of this server; `isCutOff` makes every request of it fail, `linger` delays requests and answers. */
  client(linger: () => Promise<void> = async () => undefined): LeaseClient {
    const slowly = async (exchange: () => KubernetesObject | undefined) => {
      await linger();
      const answer = exchange();
      await linger();
      return answer;
    };
    const client = {
      cluster: 'one',
      isCutOff: false,
      get: async () => {
        this.#check(client.isCutOff);
        return slowly(() => this.lease);
      },
      create: async (_kind: unknown, object: KubernetesObject) => {
        this.#check(client.isCutOff);
        if (!this.hasNamespace) {
          throw failure('NotFound');
        }
        return slowly(() => {
          if (this.lease) {
            throw failure('AlreadyExists');
          }
          return this.#store(object);
        });
      },
      replace: async (_kind: unknown, object: KubernetesObject) => {
        this.#check(client.isCutOff);
        return slowly(() => {
          const { resourceVersion } = object.metadata;
          if (resourceVersion !== this.lease?.metadata.resourceVersion) {
            throw failure('Conflict');
          }
          return this.#store(object);
        });
      },
    };
    return client as unknown as LeaseClient;
  }

  get spec(): Record<string, unknown> {
    return (this.lease?.spec ?? {}) as Record<string, unknown>;
  }

  #check(isCutOff: boolean): void {
    if (isCutOff) {
      throw failure('Unreachable');
    }
  }

  #store(object: KubernetesObject): KubernetesObject {
    this.writes += 1;
    this.#version += 1;
    const resourceVersion = String(this.#version);
    this.lease = {
      ...object,
      metadata: { ...object.metadata, resourceVersion },
    };
    return this.lease;
  }
}

function failure(reason: ClusterErrorReason): ClusterError {
  return new ClusterError({
    cluster: 'one',
    verb: 'create',
    kind: 'Lease',
    reason,
    explanation: reason,
  });
}
