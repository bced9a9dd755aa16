import {
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import {
  DetailAnswer,
  FleetKey,
  latticePackageReadPermission,
  ObjectKey,
  PackageDetail,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { AuthorizedFleetStore } from './AuthorizedFleetStore';
import { AuthorizedMemberStore } from './AuthorizedMemberStore';
import { FleetRequest, PackageStore } from './FleetStore';
import { latticePackagePermissionResourceRef } from './permissionRules';

/** Packages that the caller may read; each names only those of its members that the caller may read as well. */
export class AuthorizedPackageStore extends AuthorizedFleetStore<
  PackageSummary,
  PackageDetail
> {
  readonly #members: AuthorizedMemberStore;

  constructor(options: {
    store: PackageStore;
    members: AuthorizedMemberStore;
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }) {
    super({
      store: options.store,
      permissions: options.permissions,
      permission: latticePackageReadPermission,
      transformConditions: createConditionTransformer(
        options.permissionsRegistry.getPermissionRuleset(
          latticePackagePermissionResourceRef,
        ),
      ),
    });
    this.#members = options.members;
  }

  async get(
    key: FleetKey,
    request: FleetRequest,
  ): Promise<DetailAnswer<PackageDetail>> {
    const answer = await super.get(key, request);
    const members: ObjectKey[] = [];
    for (const member of answer.item.members) {
      if (
        await this.#members.has({ cluster: key.cluster, ...member }, request)
      ) {
        members.push(member);
      }
    }
    return { ...answer, item: { ...answer.item, members } };
  }
}
