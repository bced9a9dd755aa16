import {
  FleetKey,
  KubernetesObject,
  LatticeMember,
  LatticePackage,
  ParseResult,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** What permission rules may look at, of a package or a member alike. */
export interface FleetRecord extends FleetKey {
  /** Entity ref of who owns the namespace, normalised; absent = nobody. */
  readonly owner?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A package as it was found on its cluster, readable or not. */
export interface PackageRecord extends FleetRecord {
  readonly object: KubernetesObject;
  readonly parsed: ParseResult<LatticePackage>;
}

/** A member as it was found on its cluster, readable or not. */
export interface MemberRecord extends FleetRecord {
  readonly kind: LatticeMember['kind'];
  readonly object: KubernetesObject;
  readonly parsed: ParseResult<LatticeMember>;
}

/** `<cluster>/<namespace>/<name>`, the form of annotations and of permission resource refs. */
export function formatFleetKey(key: FleetKey): string {
  return `${key.cluster}/${key.namespace}/${key.name}`;
}

/** Reads `<cluster>/<namespace>/<name>`; `undefined` when it is something else. */
export function parseFleetKey(text: string): FleetKey | undefined {
  const [cluster, namespace, name, ...rest] = text.split('/');
  return cluster && namespace && name && rest.length === 0
    ? { cluster, namespace, name }
    : undefined;
}
