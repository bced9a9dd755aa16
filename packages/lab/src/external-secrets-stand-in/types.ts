import type { KubernetesObject } from '../cluster/KubernetesClient.ts';

/** Which store a value comes from. */
export type StoreRef = { name?: string; kind?: string };

/** What is asked of a store. */
export type RemoteRef = {
  key: string;
  property?: string;
  version?: string;
  decodingStrategy?: string;
};

/** One entry of `spec.dataFrom`. */
export type DataFrom = {
  extract?: RemoteRef;
  find?: unknown;
  rewrite?: unknown[];
  sourceRef?: { storeRef?: StoreRef; generatorRef?: unknown };
};

/** `spec.target.template`. */
export type SecretTemplate = {
  type?: string;
  engineVersion?: string;
  mergePolicy?: string;
  metadata?: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  data?: Record<string, string>;
  templateFrom?: unknown[];
};

/** The condition of an ExternalSecret or of a store. */
export type Condition = {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  lastTransitionTime: string;
};

/** `status` of an ExternalSecret. */
export type ExternalSecretStatus = {
  refreshTime?: string | null;
  syncedResourceVersion?: string;
  binding?: { name: string };
  conditions?: Condition[];
};

/** The part of an ExternalSecret that the stand-in honours; the CRD has filled in its defaults. */
export type ExternalSecret = KubernetesObject & {
  spec: {
    secretStoreRef?: StoreRef;
    refreshInterval?: string;
    refreshPolicy?: string;
    target?: {
      name?: string;
      creationPolicy?: string;
      deletionPolicy?: string;
      immutable?: boolean;
      template?: SecretTemplate;
    };
    data?: {
      secretKey: string;
      remoteRef: RemoteRef;
      sourceRef?: { storeRef?: StoreRef };
    }[];
    dataFrom?: DataFrom[];
  };
  status?: ExternalSecretStatus;
};

/** A Secret; `data` is base64 as it travels. */
export type Secret = KubernetesObject & {
  type?: string;
  immutable?: boolean;
  data?: Record<string, string>;
};

/** Name of the Secret an ExternalSecret fills. */
export function targetName({ spec, metadata }: ExternalSecret): string {
  return spec.target?.name || metadata.name;
}
