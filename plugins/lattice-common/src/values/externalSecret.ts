import { LABEL_OWNER_UID, LATTICE_API_VERSION } from '../annotations';
import { KubernetesObject } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import { formatPath } from '../api/fieldPath';

/** API version of the ExternalSecrets that are written. */
export const EXTERNAL_SECRET_API_VERSION = 'external-secrets.io/v1';
/** How often a secret is read again unless the resource says otherwise. */
export const DEFAULT_REFRESH_INTERVAL = '1h';

/** One key of the Secret and where it comes from. */
export interface SecretEntry {
  readonly secretKey: string;
  readonly store: string;
  readonly remoteKey: string;
  readonly property: string;
}

/** What an ExternalSecret shall fetch: named keys, or everything under one remote key. */
export interface ExternalSecretContent {
  readonly name: string;
  readonly namespace: string;
  readonly store: string;
  readonly refreshInterval: string;
  readonly secretType?: string;
  /** Secret key -> Go template over the entries; the Secret then holds these keys alone. */
  readonly templates?: Readonly<Record<string, string>>;
  readonly entries?: readonly SecretEntry[];
  readonly extract?: string;
}

function storeRef(name: string) {
  return { kind: 'ClusterSecretStore', name };
}

/**
 * An owner reference works within one namespace only: across namespaces the collector would delete the object.
 * There the owner-uid label alone tells whose it is.
 */
function ownership(pkg: LatticePackage, namespace: string) {
  const { uid } = pkg.metadata;
  if (uid === undefined || namespace !== pkg.metadata.namespace) {
    return {};
  }
  return {
    ownerReferences: [
      {
        apiVersion: LATTICE_API_VERSION,
        kind: 'LatticePackage',
        name: pkg.metadata.name,
        uid,
        controller: true,
        blockOwnerDeletion: false,
      },
    ],
  };
}

function template({ secretType, templates }: ExternalSecretContent) {
  return secretType === undefined && templates === undefined
    ? {}
    : {
        template: {
          engineVersion: 'v2',
          ...(secretType === undefined ? {} : { type: secretType }),
          ...(templates === undefined ? {} : { data: templates }),
        },
      };
}

function data(content: ExternalSecretContent) {
  if (content.extract !== undefined) {
    return { dataFrom: [{ extract: { key: content.extract } }] };
  }
  return {
    data: (content.entries ?? []).map(entry => ({
      secretKey: entry.secretKey,
      remoteRef: { key: entry.remoteKey, property: entry.property },
      ...(entry.store === content.store
        ? {}
        : { sourceRef: { storeRef: storeRef(entry.store) } }),
    })),
  };
}

/** The ExternalSecret object for a piece of a package's plan. */
export function externalSecretObject(
  pkg: LatticePackage,
  content: ExternalSecretContent,
): KubernetesObject {
  const { uid } = pkg.metadata;
  return {
    apiVersion: EXTERNAL_SECRET_API_VERSION,
    kind: 'ExternalSecret',
    metadata: {
      name: content.name,
      namespace: content.namespace,
      labels: {
        'app.kubernetes.io/name': content.name,
        'app.kubernetes.io/managed-by': 'lattice',
        ...(uid === undefined ? {} : { [LABEL_OWNER_UID]: uid }),
      },
      ...ownership(pkg, content.namespace),
    },
    spec: {
      refreshInterval: content.refreshInterval,
      secretStoreRef: storeRef(content.store),
      target: {
        name: content.name,
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        ...template(content),
      },
      ...data(content),
    },
  };
}

/** Where a field of a secret resource stands in the manifest. */
export function resourcePath(resource: string, ...field: string[]): string {
  return formatPath(['spec', 'resources', resource, ...field]);
}
