import {
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  isPending,
  readRelease,
  readReleaseHistory,
  readReleaseMetadata,
  ReleaseMetadata,
  ReleaseRecord,
  releaseSelector,
  withReleaseStatus,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { KINDS } from '../clusters/kinds';
import { ClusterClient, Impersonation } from '../clusters/types';
import { LABEL_INTERRUPTED, LABEL_VALUES_DIGEST } from './releaseLabels';

/** The records of one release, read and written with the rights of the package's account. */
export class ReleaseStore {
  constructor(
    private readonly client: ClusterClient,
    private readonly release: ObjectKey,
    private readonly as: Impersonation,
    private readonly signal?: AbortSignal,
  ) {}

  /** Every revision, newest first. */
  async history(): Promise<ReleaseMetadata[]> {
    const { items } = await this.client.list(KINDS.Secret, {
      namespace: this.release.namespace,
      labelSelector: releaseSelector(this.release.name),
      as: this.as,
      signal: this.signal,
    });
    return readReleaseHistory(items);
  }

  /** The payload of one revision. It may hold secrets: keep what is needed, and nothing else. */
  async read(revision: ReleaseMetadata): Promise<ReleaseRecord | undefined> {
    const secret = await this.#get(revision);
    return secret && readRelease(secret);
  }

  /** Takes helm's lock from an operation whose process is proven dead. Does nothing when the record moved meanwhile. */
  async unlock(revision: ReleaseMetadata): Promise<void> {
    const secret = await this.#get(revision);
    const current = secret && readReleaseMetadata(secret);
    if (!secret || !current || !isPending(current.status)) {
      return;
    }
    const failed = withReleaseStatus(
      secret,
      'failed',
      'Interrupted: the process that worked on it is gone.',
    );
    await this.client.replace(
      KINDS.Secret,
      {
        ...failed,
        metadata: {
          ...failed.metadata,
          labels: { ...failed.metadata.labels, [LABEL_INTERRUPTED]: 'true' },
        },
      },
      { as: this.as, signal: this.signal },
    );
  }

  /** Writes a digest under the current key in place of one whose key is lost. */
  async adoptDigest(revision: ReleaseMetadata, label: string): Promise<void> {
    const path = `/metadata/labels/${LABEL_VALUES_DIGEST.replace('/', '~1')}`;
    await this.client.jsonPatch(
      KINDS.Secret,
      this.#keyOf(revision),
      [
        {
          op: 'test',
          path: '/metadata/resourceVersion',
          value: revision.resourceVersion,
        },
        { op: 'add', path, value: label },
      ],
      { as: this.as, signal: this.signal },
    );
  }

  async #get(revision: ReleaseMetadata): Promise<KubernetesObject | undefined> {
    return await this.client.get(KINDS.Secret, this.#keyOf(revision), {
      as: this.as,
      signal: this.signal,
    });
  }

  #keyOf(revision: ReleaseMetadata): ObjectKey {
    return { namespace: this.release.namespace, name: revision.secretName };
  }
}
