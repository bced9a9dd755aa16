/** What the compiler must know about a cluster. Explicit, because a wrong guess opens or breaks traffic. */
export interface ClusterProfile {
  /** Istio's trust domain, written into every principal as it stands. */
  readonly trustDomain: string;
  /** Istio's root namespace. */
  readonly rootNamespace: string;
  /** Cilium's name of the cluster, written into every peer selector. */
  readonly clusterName: string;
  /** Engines that enforce here. Without one, its objects are not made. */
  readonly engines: { readonly cilium: boolean; readonly istio: boolean };
  /** Without Istio a Strict port stays closed, unless mTLS is `notRequired`. */
  readonly mtls: 'required' | 'notRequired';
  /** The pods that answer DNS, and their own (not the Service's) ports. */
  readonly dns: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ports: readonly number[];
    /** Cilium entities that answer DNS besides pods: `host` for a DNS cache on an address of the node. */
    readonly entities?: readonly string[];
  };
  /** Beginnings of label keys that this cluster's Cilium leaves out of identities, besides its own defaults. */
  readonly ignoredLabels?: readonly string[];
  /** Cilium entities as which the API server reaches a webhook. */
  readonly apiServerEntities?: readonly string[];
}

/** A stock cluster with Cilium and Istio ambient. */
export const DEFAULT_PROFILE: ClusterProfile = {
  trustDomain: 'cluster.local',
  rootNamespace: 'istio-system',
  clusterName: 'default',
  engines: { cilium: true, istio: true },
  mtls: 'required',
  dns: {
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    ports: [53],
  },
};

/** On many platforms the API server's traffic shows as a node's. */
export const DEFAULT_API_SERVER_ENTITIES = [
  'host',
  'kube-apiserver',
  'remote-node',
] as const;
