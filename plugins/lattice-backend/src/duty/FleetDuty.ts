import { Clusters } from '../clusters/createClusters';
import { Duty } from './types';

/**
 * Who is on duty for each cluster: the holder of its Lease in mode `reconcile`, else the replica that the database
 * names.
 */
export class FleetDuty implements Duty {
  readonly #clusters: Pick<Clusters, 'get' | 'leadership' | 'list'>;
  readonly #observer: Duty;

  constructor(options: {
    readonly clusters: Pick<Clusters, 'get' | 'leadership' | 'list'>;
    readonly observer: Duty;
  }) {
    this.#clusters = options.clusters;
    this.#observer = options.observer;
  }

  isOnDuty(cluster: string): boolean {
    return this.#clusters.get(cluster)?.mode === 'reconcile'
      ? this.#clusters.leadership(cluster).isLeader()
      : this.#observer.isOnDuty(cluster);
  }

  onBegin(listener: (cluster: string) => void): () => void {
    const unsubscribes = this.#clusters
      .list()
      .filter(({ mode }) => mode === 'reconcile')
      .map(({ name }) =>
        this.#clusters.leadership(name).onChange(isLeader => {
          if (isLeader) {
            listener(name);
          }
        }),
      );
    unsubscribes.push(this.#observer.onBegin(listener));
    return () => unsubscribes.forEach(unsubscribe => unsubscribe());
  }
}
