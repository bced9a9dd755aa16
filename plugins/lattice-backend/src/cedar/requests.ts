import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';

/** A value in an entity's attributes. */
export type CedarAttribute = string | boolean | number;

/** Names an entity. */
export interface CedarUid {
  readonly type: string;
  readonly id: string;
}

/** One question to Cedar, with the entities that it is about. */
export interface CedarRequest {
  readonly principal: CedarUid;
  readonly action: CedarUid;
  readonly resource: CedarUid;
  readonly entities: readonly {
    readonly uid: CedarUid;
    readonly attrs: Readonly<Record<string, CedarAttribute>>;
  }[];
  /** For messages, for example `read secret lab:data/redis`. */
  readonly description: string;
}

/** Kind of a principal: what stands behind the name. */
export type PrincipalKind = 'package' | 'service';

interface Target {
  readonly type: string;
  readonly id: string;
  readonly attrs: Readonly<Record<string, CedarAttribute>>;
}

function request(
  key: ObjectKey,
  kind: PrincipalKind,
  action: string,
  target: Target & { description: string },
): CedarRequest {
  const principal = {
    type: 'Lattice::Service',
    id: `${key.namespace}/${key.name}`,
  };
  const resource = { type: `Lattice::${target.type}`, id: target.id };
  return {
    principal,
    action: { type: 'Lattice::Action', id: action },
    resource,
    entities: [
      {
        uid: principal,
        attrs: { namespace: key.namespace, name: key.name, kind },
      },
      { uid: resource, attrs: target.attrs },
    ],
    description: target.description,
  };
}

/** May the package read this remote key of this store? */
export function accessSecret(
  pkg: ObjectKey,
  secret: { readonly provider: string; readonly remoteKey: string },
): CedarRequest {
  const { provider, remoteKey } = secret;
  return request(pkg, 'package', 'AccessSecret', {
    type: 'SecretPath',
    id: `${provider}:${remoteKey}`,
    attrs: { path: remoteKey, provider },
    description: `read secret ${provider}:${remoteKey}`,
  });
}

/** May the package's chart bring a cluster-scoped kind? */
export function installClusterScoped(
  pkg: ObjectKey,
  object: { readonly group: string; readonly kind: string },
): CedarRequest {
  return request(pkg, 'package', 'InstallClusterScoped', kindTarget(object));
}

/** May the package's chart bring objects that shape traffic, secrets or Lattice itself? */
export function installPolicyObjects(
  pkg: ObjectKey,
  object: { readonly group: string; readonly kind: string },
): CedarRequest {
  return request(pkg, 'package', 'InstallPolicyObjects', kindTarget(object));
}

function kindTarget(object: { group: string; kind: string }) {
  const id = object.group ? `${object.group}/${object.kind}` : object.kind;
  return {
    type: 'Kind',
    id,
    attrs: { group: object.group, kind: object.kind },
    description: `install ${id}`,
  };
}

/** May the package release into another namespace than its own? */
export function installIntoNamespace(
  pkg: ObjectKey,
  namespace: string,
): CedarRequest {
  return request(pkg, 'package', 'InstallIntoNamespace', {
    type: 'Namespace',
    id: namespace,
    attrs: { name: namespace },
    description: `install into namespace ${namespace}`,
  });
}

/** May an account use a wildcard in this direction? The principal is the service account. */
export function allowWildcard(
  account: ObjectKey,
  direction: 'inbound' | 'outbound' | 'advertise',
): CedarRequest {
  return request(account, 'service', 'AllowWildcard', {
    type: 'Mesh',
    id: direction,
    attrs: {},
    description: `use a wildcard ${direction}`,
  });
}
