import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  BasicPermission,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import {
  latticeMemberReadPermission,
  latticePackageDeletePermission,
  latticePackageReadPermission,
  latticePackageValuesReadPermission,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { OwnersReadPolicy } from './permissionPolicy';

const DEVELOPER = ['user:default/commerce-dev', 'group:default/commerce'];
const PLATFORM = ['user:default/platform-admin', 'group:default/platform'];

const catalogRead: BasicPermission = createPermission({
  name: 'catalog.entity.read',
  attributes: { action: 'read' },
});
const somethingElse: BasicPermission = createPermission({
  name: 'kubernetes.proxy',
  attributes: {},
});
const taskRead = createPermission({
  name: 'scaffolder.task.read',
  attributes: { action: 'read' },
  resourceType: 'scaffolder-task',
});

async function decide(permission: Permission, owned?: string[]) {
  const policy = new OwnersReadPolicy({
    userInfo: {
      getUserInfo: async () => ({
        userEntityRef: owned?.[0] ?? '',
        ownershipEntityRefs: owned ?? [],
      }),
    },
  });
  const credentials = mockCredentials.user(owned?.[0]);
  return policy.handle(
    { permission },
    owned && {
      credentials,
      info: { userEntityRef: owned[0], ownershipEntityRefs: owned },
    },
  );
}

describe('OwnersReadPolicy', () => {
  it('lets the platform group do everything', async () => {
    for (const permission of [latticePackageDeletePermission, somethingElse]) {
      expect(await decide(permission, PLATFORM)).toEqual({
        result: AuthorizeResult.ALLOW,
      });
    }
  });

  it('lets everybody else read what their groups own and what is shared, and only that', async () => {
    expect(await decide(latticePackageReadPermission, DEVELOPER)).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'lattice',
      resourceType: 'lattice-package',
      conditions: {
        anyOf: [
          {
            rule: 'IS_OWNER',
            resourceType: 'lattice-package',
            params: { claims: DEVELOPER },
          },
          {
            rule: 'IS_IN_NAMESPACE',
            resourceType: 'lattice-package',
            params: { namespaces: ['data'] },
          },
        ],
      },
    });
    expect(await decide(latticeMemberReadPermission, DEVELOPER)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      resourceType: 'lattice-member',
    });
  });

  it('keeps the values of shared packages to their owners', async () => {
    expect(
      await decide(latticePackageValuesReadPermission, DEVELOPER),
    ).toMatchObject({
      conditions: { anyOf: [{ rule: 'IS_OWNER' }] },
    });
  });

  it('denies them to change packages, and whatever it does not name', async () => {
    for (const permission of [latticePackageDeletePermission, somethingElse]) {
      expect(await decide(permission, DEVELOPER)).toEqual({
        result: AuthorizeResult.DENY,
      });
    }
  });

  it('shows the catalog to every signed-in user, and each their own tasks', async () => {
    expect(await decide(catalogRead, DEVELOPER)).toEqual({
      result: AuthorizeResult.ALLOW,
    });
    expect(await decide(taskRead, DEVELOPER)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { params: { createdBy: ['user:default/commerce-dev'] } },
    });
  });

  it('denies everything to those who are not signed in', async () => {
    expect(await decide(catalogRead)).toEqual({
      result: AuthorizeResult.DENY,
    });
  });
});
