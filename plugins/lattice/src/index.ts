/**
 * Package and Mesh tabs, cards and the fleet page of Lattice.
 *
 * @packageDocumentation
 */
export { latticePlugin as default } from './plugin';
export { latticeApiRef } from './apis';
export { memberRouteRef, packageRouteRef, rootRouteRef } from './routes';
export { latticeTranslationRef } from './translation';
export {
  isLatticeMeshAvailable,
  isLatticePackageAvailable,
} from './entity/availability';
