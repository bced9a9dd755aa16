import { LABEL_OWNER_UID } from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { PackageWorld } from './PackageWorld';

/** Whether a revision was made for this very package, by its UID. */
export function isOurs(world: PackageWorld, release: ReleaseMetadata): boolean {
  return (
    world.pkg.metadata.uid !== undefined &&
    release.labels[LABEL_OWNER_UID] === world.pkg.metadata.uid
  );
}
