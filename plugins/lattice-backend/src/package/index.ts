export {
  createPackageController,
  type PackageControllerOptions,
} from './createPackageController';
export type { PackageRules } from './packageContext';
