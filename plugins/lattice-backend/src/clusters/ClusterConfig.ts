import { ClusterProfile } from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ClusterEndpoint,
  endpointFromKubeconfig,
  endpointFromSettings,
  endpointInCluster,
  EndpointSettings,
  endpointWithToken,
} from './endpoint';

/** One way to sign in, in place of the cluster's own. Exactly one of its forms is set. */
export interface CredentialSource {
  /** Path of a kubeconfig file; its server must be that of the cluster. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The service account of the pod that this process runs in. */
  readonly inCluster?: boolean;
  readonly token?: string;
  /** Path of a file that holds a token; read anew when it may have changed. */
  readonly tokenFile?: string;
}

/** What a credential is used for: to look, or to act as the controllers do. */
export type CredentialUse = 'read' | 'reconcile';

/** How one cluster is reached and used. Exactly one of `kubeconfig`, `inCluster`, `endpoint` and `problem` is set. */
export interface ClusterConfig {
  readonly name: string;
  readonly mode: 'observe' | 'reconcile';
  /** Path of a kubeconfig file. */
  readonly kubeconfig?: string;
  /** Context within the kubeconfig; its current one unless told. */
  readonly context?: string;
  readonly inCluster?: boolean;
  /** Explicit URL, authority and token, for clusters that other configuration describes. */
  readonly endpoint?: EndpointSettings;
  /** Separate credentials; what is not set is the cluster's own. */
  readonly auth?: Partial<Record<CredentialUse, CredentialSource>>;
  /** Why it cannot be used, for people; it is shown by name and nothing else. */
  readonly problem?: string;
  /** What was configured about its engines; a stock cluster unless told. */
  readonly profile?: ClusterProfile;
  /** Where this was configured, for example `lattice.clusters[0]`; shown when something is wrong with it. */
  readonly source?: string;
}

/**
 * The endpoint of a configured cluster, for one use. Only the credential of that use is loaded.
 *
 * @throws Error for people when the configuration cannot be used; never with credentials in it.
 */
export function endpointOf(
  config: ClusterConfig,
  use: CredentialUse,
): ClusterEndpoint {
  if (config.problem !== undefined) {
    throw new Error(config.problem);
  }
  const endpoint = configuredEndpoint(config, config.auth?.[use]);
  if (endpoint.skipsTlsVerification && config.mode === 'reconcile') {
    throw new Error(
      'TLS verification must not be skipped for a cluster in reconcile mode',
    );
  }
  return endpoint;
}

function configuredEndpoint(
  config: ClusterConfig,
  credential: CredentialSource | undefined,
): ClusterEndpoint {
  if (credential?.kubeconfig) {
    return endpointFromKubeconfig(credential.kubeconfig, credential.context);
  }
  if (credential?.inCluster) {
    return endpointInCluster();
  }
  const own = ownEndpoint(config);
  return credential ? endpointWithToken(own, credential) : own;
}

function ownEndpoint(config: ClusterConfig): ClusterEndpoint {
  if (config.endpoint) {
    return endpointFromSettings(config.endpoint);
  }
  if (config.kubeconfig) {
    return endpointFromKubeconfig(config.kubeconfig, config.context);
  }
  if (config.inCluster) {
    return endpointInCluster();
  }
  throw new Error('neither kubeconfig nor inCluster nor endpoint is set');
}
