import { Config } from '@backstage/config';
import { ClusterConfig } from '../clusters/ClusterConfig';
import { clusterSchema } from './clusterSchema';

const METHODS = 'kubernetes.clusterLocatorMethods';
/** Upstream reads it here first, else from the key `authProvider`. */
const AUTH_PROVIDER = 'kubernetes.io/auth-provider';

/**
 * The clusters of the app's Kubernetes plugin that are written into its configuration (locator methods of type
 * `config`). Only a service account signs in without a user, so a cluster with another `authProvider` keeps its name
 * and says what it lacks. Unreadable entries do the same: nothing is skipped in silence.
 */
export function readLocatedClusters(config: Config): ClusterConfig[] {
  const methods = config.getOptionalConfigArray(METHODS) ?? [];
  return methods.flatMap((method, at) =>
    method.getOptionalString('type') === 'config'
      ? (method.getOptionalConfigArray('clusters') ?? []).map(
          (cluster, index) =>
            readCluster(cluster, `${METHODS}[${at}].clusters[${index}]`),
        )
      : [],
  );
}

function readCluster(cluster: Config, source: string): ClusterConfig {
  const name = cluster.getString('name');
  const named = { name, mode: 'observe' as const, source };
  const refusal = nameProblem(name);
  if (refusal) {
    return { ...named, problem: refusal };
  }
  const metadata =
    cluster.getOptional<Record<string, string>>('authMetadata') ?? {};
  const authProvider =
    metadata[AUTH_PROVIDER] ?? cluster.getOptionalString('authProvider');
  const place = {
    url: cluster.getString('url'),
    caData: cluster.getOptionalString('caData'),
    caFile: cluster.getOptionalString('caFile'),
    skipTlsVerify: cluster.getOptionalBoolean('skipTLSVerify'),
  };
  if (authProvider !== 'serviceAccount') {
    return {
      ...named,
      endpoint: place,
      problem: `needs a controller credential: it signs users in by "${authProvider}", and Lattice asks as nobody in particular. Give it a lattice.clusters entry of the same name with auth.read`,
    };
  }
  const token =
    metadata.serviceAccountToken ??
    cluster.getOptionalString('serviceAccountToken');
  return token === undefined
    ? { ...named, inCluster: true }
    : { ...named, endpoint: { ...place, token } };
}

function nameProblem(name: string): string | undefined {
  const checked = clusterSchema.shape.name.safeParse(name);
  return checked.success
    ? undefined
    : `its name ${checked.error.issues[0].message}, because it stands in addresses and annotations. Give it a lattice.clusters entry with another name`;
}
