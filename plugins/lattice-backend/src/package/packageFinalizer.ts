import {
  FINALIZER_PACKAGE,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';

/** Whether a package waits for us before it goes. */
export function hasPackageFinalizer(pkg: KubernetesObject): boolean {
  return pkg.metadata.finalizers?.includes(FINALIZER_PACKAGE) ?? false;
}

/** Adds our finalizer, and touches nobody else's. */
export async function addPackageFinalizer(
  client: ClusterClient,
  { metadata }: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const operations = [
    {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: metadata.resourceVersion,
    },
    metadata.finalizers
      ? { op: 'add', path: '/metadata/finalizers/-', value: FINALIZER_PACKAGE }
      : { op: 'add', path: '/metadata/finalizers', value: [FINALIZER_PACKAGE] },
  ];
  return await client.jsonPatch(
    KINDS.LatticePackage,
    { namespace: metadata.namespace ?? '', name: metadata.name },
    operations,
    { signal },
  );
}

/** Takes our finalizer off, and touches nobody else's. */
export async function removePackageFinalizer(
  client: ClusterClient,
  { metadata }: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const index = metadata.finalizers?.indexOf(FINALIZER_PACKAGE) ?? -1;
  if (index < 0) {
    return;
  }
  const path = `/metadata/finalizers/${index}`;
  await client.jsonPatch(
    KINDS.LatticePackage,
    { namespace: metadata.namespace ?? '', name: metadata.name },
    [
      { op: 'test', path, value: FINALIZER_PACKAGE },
      { op: 'remove', path },
    ],
    { signal },
  );
}
