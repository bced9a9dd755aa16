import {
  FINALIZER_MEMBER,
  KubernetesObject,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';

/** Whether a member waits for us before it goes. */
export function hasMemberFinalizer(member: KubernetesObject): boolean {
  return member.metadata.finalizers?.includes(FINALIZER_MEMBER) ?? false;
}

/** Adds our finalizer, and touches nobody else's. */
export async function addMemberFinalizer(
  client: ClusterClient,
  member: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const { finalizers, resourceVersion } = member.metadata;
  await patch(client, member, signal, [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    finalizers
      ? { op: 'add', path: '/metadata/finalizers/-', value: FINALIZER_MEMBER }
      : { op: 'add', path: '/metadata/finalizers', value: [FINALIZER_MEMBER] },
  ]);
}

/** Takes our finalizer off, and touches nobody else's. */
export async function removeMemberFinalizer(
  client: ClusterClient,
  member: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  const index = member.metadata.finalizers?.indexOf(FINALIZER_MEMBER) ?? -1;
  if (index < 0) return;
  const path = `/metadata/finalizers/${index}`;
  await patch(client, member, signal, [
    { op: 'test', path, value: FINALIZER_MEMBER },
    { op: 'remove', path },
  ]);
}

async function patch(
  client: ClusterClient,
  { metadata }: KubernetesObject,
  signal: AbortSignal,
  operations: readonly object[],
): Promise<void> {
  const key: ObjectKey = {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
  };
  await client.jsonPatch(KINDS.LatticeMeshMember, key, operations, { signal });
}
