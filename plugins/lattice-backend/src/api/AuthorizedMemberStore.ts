import {
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import {
  latticeMemberReadPermission,
  MemberDetail,
  MemberSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { AuthorizedFleetStore } from './AuthorizedFleetStore';
import { MemberStore } from './FleetStore';
import { latticeMemberPermissionResourceRef } from './permissionRules';

/** Members that the caller may read. */
export class AuthorizedMemberStore extends AuthorizedFleetStore<
  MemberSummary,
  MemberDetail
> {
  constructor(options: {
    store: MemberStore;
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }) {
    super({
      store: options.store,
      permissions: options.permissions,
      permission: latticeMemberReadPermission,
      transformConditions: createConditionTransformer(
        options.permissionsRegistry.getPermissionRuleset(
          latticeMemberPermissionResourceRef,
        ),
      ),
    });
  }
}
