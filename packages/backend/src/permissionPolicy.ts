import {
  BackstageUserInfo,
  coreServices,
  createBackendModule,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import {
  createLatticeMemberConditionalDecision,
  createLatticePackageConditionalDecision,
  latticeMemberConditions,
  latticePackageConditions,
} from '@lattice-portal/backstage-plugin-lattice-backend';
import {
  latticePackageReadPermission,
  latticePullRequestCreatePermission,
  RESOURCE_TYPE_LATTICE_MEMBER,
  RESOURCE_TYPE_LATTICE_PACKAGE,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** Its members may do everything. */
const PLATFORM_GROUP = 'group:default/platform';

/** What every signed-in user may do: look at the catalog and walk the templates. */
const EVERYBODY_MAY = new Set([
  'catalog.entity.read',
  'scaffolder.template.parameter.read',
  'scaffolder.template.step.read',
  'scaffolder.action.execute',
  'scaffolder.task.create',
  latticePullRequestCreatePermission.name,
]);

/**
 * Namespaces that offer software to every team: their packages and members may be seen by all who are signed in.
 * Values and every change stay with the owners.
 */
const SHARED_NAMESPACES = { namespaces: ['data'] };

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/**
 * An example to copy. The platform group may do everything; everybody else sees the catalog, opens pull requests
 * through the templates, and reads those packages and mesh members that lie in namespaces of their own groups
 * (annotation `lattice.dev/owner` of the namespace) or in a shared one. What is not named here is denied.
 */
export class OwnersReadPolicy implements PermissionPolicy {
  readonly #userInfo: Pick<UserInfoService, 'getUserInfo'>;

  constructor(options: { userInfo: Pick<UserInfoService, 'getUserInfo'> }) {
    this.#userInfo = options.userInfo;
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) {
      return DENY;
    }
    const info = await this.#userInfo.getUserInfo(user.credentials);
    if (info.ownershipEntityRefs.includes(PLATFORM_GROUP)) {
      return ALLOW;
    }
    if (EVERYBODY_MAY.has(request.permission.name)) {
      return ALLOW;
    }
    return ownDecision(request.permission, info);
  }
}

function ownDecision(
  permission: Permission,
  info: BackstageUserInfo,
): PolicyDecision {
  if (isResourcePermission(permission, 'scaffolder-task')) {
    return createScaffolderTaskConditionalDecision(
      permission,
      scaffolderTaskConditions.isTaskOwner({ createdBy: [info.userEntityRef] }),
    );
  }
  if (permission.attributes.action !== 'read') {
    return DENY;
  }
  const owned = { claims: info.ownershipEntityRefs };
  if (isResourcePermission(permission, RESOURCE_TYPE_LATTICE_PACKAGE)) {
    return createLatticePackageConditionalDecision(permission, {
      anyOf: [
        latticePackageConditions.isOwner(owned),
        ...(permission.name === latticePackageReadPermission.name
          ? [latticePackageConditions.isInNamespace(SHARED_NAMESPACES)]
          : []),
      ],
    });
  }
  if (isResourcePermission(permission, RESOURCE_TYPE_LATTICE_MEMBER)) {
    return createLatticeMemberConditionalDecision(permission, {
      anyOf: [
        latticeMemberConditions.isOwner(owned),
        latticeMemberConditions.isInNamespace(SHARED_NAMESPACES),
      ],
    });
  }
  return DENY;
}

/** Installs the policy. */
export default createBackendModule({
  pluginId: 'permission',
  moduleId: 'owners-read-policy',
  register(env) {
    env.registerInit({
      deps: {
        policy: policyExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init({ policy, userInfo }) {
        policy.setPolicy(new OwnersReadPolicy({ userInfo }));
      },
    });
  },
});
