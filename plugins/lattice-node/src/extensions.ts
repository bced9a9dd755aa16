import { createExtensionPoint } from '@backstage/backend-plugin-api';

/** A cluster that a module knows of. It is observed; a `lattice.clusters` entry of the same name may say more. */
export interface SuppliedCluster {
  /** Name in URLs, annotations and messages: lower-case letters, digits, `-` and `.`. Unique. */
  readonly name: string;
  /** Address of the API server, https. */
  readonly url: string;
  /** Authorities of the API server: PEM, base64-encoded. Absent = the system's. */
  readonly caData?: string;
  /** A current bearer token; asked again when the last one may have expired. Never logged. */
  readonly token: () => Promise<string>;
}

/** Tells which clusters there are. Asked once, when the backend starts. */
export interface ClusterSupplier {
  /** Name in messages, such as `my-inventory`. */
  readonly id: string;
  clusters(): Promise<readonly SuppliedCluster[]>;
}

/** What modules of the plugin `lattice` may add clusters to. */
export interface LatticeClustersExtensionPoint {
  addClusterSupplier(supplier: ClusterSupplier): void;
}

/**
 * Where a module of the plugin `lattice` brings clusters that no configuration names.
 *
 * @public
 */
export const latticeClustersExtensionPoint =
  createExtensionPoint<LatticeClustersExtensionPoint>({
    id: 'lattice.cluster-suppliers',
  });
