import {
  Condition,
  LatticePackage,
  SecretDefaults,
  SecretResource,
  SecretRow,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** The secret references of a package, as rows: where each comes from and how far it is. Never a value. */
export function secretRows(
  pkg: LatticePackage,
  origin: SecretDefaults,
): SecretRow[] {
  const condition = (type: string) =>
    pkg.status.conditions.find(candidate => candidate.type === type);
  const progress = secretState(
    condition('Authorized'),
    condition('SecretsResolved'),
  );
  return Object.entries(pkg.spec.resources).map(([resource, declared]) => {
    const provider = declared.provider ?? origin.defaultStore;
    return {
      resource,
      ...(provider !== undefined && { provider }),
      remoteKey: remoteKey(pkg, resource, declared, origin),
      ...(declared.keys && { keys: declared.keys }),
      ...progress,
    };
  });
}

function remoteKey(
  pkg: LatticePackage,
  resource: string,
  declared: SecretResource,
  origin: SecretDefaults,
): string {
  return (
    declared.id ??
    origin.defaultKey
      .replaceAll('{namespace}', pkg.metadata.namespace)
      .replaceAll('{resource}', resource)
  );
}

function secretState(
  authorized: Condition | undefined,
  resolved: Condition | undefined,
): Pick<SecretRow, 'state' | 'message'> {
  if (authorized?.status === 'False') {
    return { state: 'denied', message: authorized.message };
  }
  if (resolved?.status === 'True') {
    return { state: 'resolved' };
  }
  const state = resolved?.reason === 'Stale' ? 'stale' : 'waiting';
  return { state, ...(resolved && { message: resolved.message }) };
}
