import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** One page of a list as the scripted server answers it. */
export interface SnapshotPage {
  readonly items: readonly KubernetesObject[];
  readonly version: number;
  readonly continueToken: string | undefined;
}

interface Snapshot {
  readonly version: number;
  readonly objects: readonly KubernetesObject[];
}

/** Lists that go on where they began: later pages show what was there when the first was asked for, as etcd does. */
export class ListSnapshots {
  readonly #snapshots: Snapshot[] = [];

  /** The first page of what there is now. */
  begin(
    objects: readonly KubernetesObject[],
    version: number,
    limit: number,
  ): SnapshotPage {
    this.#snapshots.push({ objects, version });
    return this.#page(this.#snapshots.length - 1, 0, limit);
  }

  /** A later page; undefined when its list is older than what is remembered. */
  resume(
    token: string,
    compactedAt: number,
    limit: number,
  ): SnapshotPage | undefined {
    const [index, offset] = token.split(':').map(Number);
    return this.#snapshots[index].version < compactedAt
      ? undefined
      : this.#page(index, offset, limit);
  }

  #page(index: number, offset: number, limit: number): SnapshotPage {
    const { version, objects } = this.#snapshots[index];
    const end = offset + limit;
    return {
      version,
      items: objects.slice(offset, end),
      continueToken: end < objects.length ? `${index}:${end}` : undefined,
    };
  }
}
