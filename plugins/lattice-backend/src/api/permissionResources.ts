import { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  FleetKey,
  latticeBasicPermissions,
  latticeMemberReadPermission,
  latticePackagePermissions,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FleetReader } from './FleetReader';
import { FleetRecord, parseFleetKey } from './FleetRecord';
import {
  latticeMemberPermissionResourceRef,
  latticeMemberRules,
  latticePackagePermissionResourceRef,
  latticePackageRules,
} from './permissionRules';

/** Makes packages and members known to the permission framework. Resource refs are `<cluster>/<namespace>/<name>`. */
export function addPermissionResources(
  permissionsRegistry: PermissionsRegistryService,
  reader: FleetReader,
): void {
  permissionsRegistry.addResourceType({
    resourceRef: latticePackagePermissionResourceRef,
    permissions: latticePackagePermissions,
    rules: Object.values(latticePackageRules),
    getResources: readEach(key => reader.package(key)),
  });
  permissionsRegistry.addResourceType({
    resourceRef: latticeMemberPermissionResourceRef,
    permissions: [latticeMemberReadPermission],
    rules: Object.values(latticeMemberRules),
    getResources: readEach(key => reader.member(key)),
  });
  permissionsRegistry.addPermissions(latticeBasicPermissions);
}

function readEach(read: (key: FleetKey) => FleetRecord | undefined) {
  return async (refs: string[]): Promise<(FleetRecord | undefined)[]> =>
    refs.map(ref => {
      const key = parseFleetKey(ref);
      return key && read(key);
    });
}
