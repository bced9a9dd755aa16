/**
 * The same screens for apps on the legacy frontend system.
 *
 * @packageDocumentation
 */
export {
  EntityLatticeMeshCard,
  EntityLatticeMeshContent,
  EntityLatticePackageCard,
  EntityLatticePackageContent,
  LatticePage,
  latticePlugin,
} from './plugin';
