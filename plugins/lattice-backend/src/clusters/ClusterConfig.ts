import {
  ClusterEndpoint,
  endpointFromKubeconfig,
  endpointFromSettings,
  endpointInCluster,
  EndpointSettings,
} from './endpoint';

/** How one cluster is reached and used. Exactly one of `kubeconfig`, `inCluster` and `endpoint` is set. */
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
  /** Where this was configured, for example `lattice.clusters[0]`; shown when something is wrong with it. */
  readonly source?: string;
}

/**
 * The endpoint of a configured cluster.
 *
 * @throws Error for people when the configuration cannot be used; never with credentials in it.
 */
export function endpointOf(config: ClusterConfig): ClusterEndpoint {
  const endpoint = configuredEndpoint(config);
  if (endpoint.skipsTlsVerification && config.mode === 'reconcile') {
    throw new Error(
      'TLS verification must not be skipped for a cluster in reconcile mode',
    );
  }
  return endpoint;
}

function configuredEndpoint(config: ClusterConfig): ClusterEndpoint {
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
