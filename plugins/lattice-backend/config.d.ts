export interface Config {
  /** Lattice: packages, their agreements in the mesh, and the clusters they live on. */
  lattice?: {
    /**
     * Clusters to show, and to act on. Without any, those of `kubernetes.clusterLocatorMethods` (type `config`) are
     * observed; without those either, Lattice starts and says so.
     */
    clusters?: Array<{
      /** Name in URLs, annotations and messages: lower-case letters, digits, `-` and `.`. Unique. */
      name: string;
      /**
       * `observe`: another operator owns the objects; nothing is ever written. `reconcile`: the controllers of this
       * plugin own them. Default: `observe`.
       */
      mode?: 'observe' | 'reconcile';
      /**
       * Path of a kubeconfig file. One of this, `inCluster` and `url`; with none of them, address and credential of the
       * cluster of this name in `kubernetes.clusterLocatorMethods` (type `config`) are used.
       */
      kubeconfig?: string;
      /** Context within the kubeconfig. Default: its current one. */
      context?: string;
      /** Use the service account of the pod that the backend runs in. */
      inCluster?: boolean;
      /** Address of the API server; needs `auth.read`. */
      url?: string;
      /** Authorities of the API server at `url`: PEM, base64-encoded. */
      caData?: string;
      /** The same as a file. */
      caFile?: string;
      /** Credentials in place of the cluster's own. Each names exactly one source. */
      auth?: {
        /** Used to look. It needs no right to write. */
        read?: {
          kubeconfig?: string;
          context?: string;
          inCluster?: boolean;
          /** @visibility secret */
          token?: string;
          tokenFile?: string;
        };
        /** Used to act in mode `reconcile`; loaded only where controllers are enabled. */
        reconcile?: {
          kubeconfig?: string;
          context?: string;
          inCluster?: boolean;
          /** @visibility secret */
          token?: string;
          tokenFile?: string;
        };
      };
      /** Whether users may act on packages from the portal. Default: `disabled`. */
      actions?: 'enabled' | 'disabled';
      /**
       * Who owns the LatticeServices: `foreign` = another operator, they are read and never written. `own` = this
       * plugin writes their conditions and policies. Default: `foreign`.
       */
      latticeServices?: 'own' | 'foreign';
      /** What the policy compiler must know about the cluster. */
      profile?: {
        /** Istio's trust domain. Default: `cluster.local`. */
        trustDomain?: string;
        /** Istio's root namespace. Default: `istio-system`. */
        rootNamespace?: string;
        /** Cilium's name of the cluster. Default: `default`. */
        clusterName?: string;
        /** Which engines enforce. Default: both. */
        engines?: { cilium?: boolean; istio?: boolean };
        /** `notRequired` lets Strict ports open without Istio. Default: `required`. */
        mtls?: 'required' | 'notRequired';
        /** The pods that answer DNS. Default: `kube-dns` in `kube-system`, port 53. */
        dns?: {
          namespace?: string;
          labels?: { [key: string]: string };
          ports?: number[];
          /** Cilium entities that answer DNS besides, e.g. `host` for a cache on an address of the node. */
          entities?: string[];
        };
        /** Cilium entities as which the API server reaches a webhook. */
        apiServerEntities?: string[];
        /** Beginnings of label keys that Cilium leaves out of identities here, besides its own defaults. */
        ignoredLabels?: string[];
      };
    }>;
    /** The controllers of clusters in mode `reconcile`. */
    controllers?: {
      /** `false` makes this process a portal only: no Lease, no writes. Default: `true`. */
      enabled?: boolean;
    };
    /** The helm program. */
    helm?: {
      /** Path or name of the binary. Default: `helm` from PATH. */
      binary?: string;
      /** How many may run at a time. Default: 2. */
      concurrency?: number;
    };
    /** Where charts may come from. */
    charts?: {
      /** Prefixes of repositories that packages may name. Default: none. */
      allowedRepositories?: string[];
      /** Hosts that archives of https repositories may lie on besides their own. */
      archiveHosts?: string[];
      /** Other places to ask in place of a repository. */
      mirrors?: Array<{
        /** Prefix of repositories, by whole path segments. */
        from: string;
        to: string;
        /** PEM file with the authorities to trust for this mirror. */
        caFile?: string;
        /**
         * Whether the mirror may see the login and the authorities that a package names for the repository itself.
         * Default: `false`.
         */
        passLogin?: boolean;
      }>;
      /** Hosts of token services that may see a package's login for a registry, besides the registry's own. */
      tokenHosts?: string[];
      /** Folder that keeps fetched charts. Default: one below the system's folder for temporary files. */
      cacheDirectory?: string;
    };
    /** Where secrets come from that name neither provider nor id. */
    secrets?: {
      /** Name of a ClusterSecretStore. Without it such a secret is a clear condition, never a guess. */
      defaultStore?: string;
      /** Template of the remote key. Default: `{namespace}/{resource}`. */
      defaultKey?: string;
    };
    /** Who may use which secret. */
    cedar?: {
      /** Namespace whose CedarPolicy objects count. Default: `lattice-system`. */
      namespace?: string;
      /** Policies as Cedar text, or with an id for messages. */
      policies?: Array<string | { id: string; policy: string }>;
    };
    /** Namespaces that no package and no member may lie in. Default: those of the system. */
    protectedNamespaces?: string[];
    /** Objects exempt from that, as `namespace/name`. */
    platformObjects?: string[];
    /** Owners of namespaces that do not carry `lattice.dev/owner`. */
    owners?: Array<{
      /** Default: every cluster. */
      cluster?: string;
      namespace: string;
      /** Entity ref, such as `group:default/data`. */
      owner: string;
    }>;
  };
}
