/**
 * Controllers, watch caches, permissions and HTTP API of Lattice.
 *
 * @packageDocumentation
 */
export { latticePlugin as default } from './plugin';
export {
  createLatticeMemberConditionalDecision,
  createLatticePackageConditionalDecision,
  latticeMemberConditions,
  latticeMemberPermissionResourceRef,
  latticePackageConditions,
  latticePackagePermissionResourceRef,
} from './api/permissionRules';
export type { FleetFilter } from './api/FleetFilter';
export type { FleetRecord } from './api/FleetRecord';
