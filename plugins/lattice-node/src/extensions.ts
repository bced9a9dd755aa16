import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { KubernetesClustersSupplier } from '@backstage/plugin-kubernetes-node';

/** Lets modules tell Lattice of clusters that are in no configuration. */
export interface LatticeClustersExtensionPoint {
  /**
   * Adds a supplier. Its clusters are observed only, unless `lattice.clusters` names one with mode `reconcile`; a cluster
   * that two sources name is refused with both named.
   */
  addClusterSupplier(name: string, supplier: KubernetesClustersSupplier): void;
}

/** Extension point for suppliers of clusters. */
export const latticeClustersExtensionPoint =
  createExtensionPoint<LatticeClustersExtensionPoint>({
    id: 'lattice.clusters',
  });
