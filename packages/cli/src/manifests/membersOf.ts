import {
  formatKey,
  LatticeMember,
  meshMemberOf,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Located, Manifests } from './Manifests';

/** Every member; one written by hand counts more than the `mesh` block of a package of the same name. */
export function membersOf({
  packages,
  members,
}: Manifests): Located<LatticeMember>[] {
  const taken = new Set(
    members
      .filter(({ object }) => object.kind === 'LatticeMeshMember')
      .map(({ object }) => formatKey(object.metadata)),
  );
  const derived = packages.flatMap(({ object, source }) => {
    const member = meshMemberOf(object);
    return member && !taken.has(formatKey(member.metadata))
      ? [{ object: member, source }]
      : [];
  });
  return [...members, ...derived];
}
