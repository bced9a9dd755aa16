import {
  createPermission,
  ResourcePermission,
  BasicPermission,
} from '@backstage/plugin-permission-common';

/** Resource type of packages. */
export const RESOURCE_TYPE_LATTICE_PACKAGE = 'lattice-package';
/** Resource type of mesh members. */
export const RESOURCE_TYPE_LATTICE_MEMBER = 'lattice-member';

function packagePermission(
  name: string,
  action: 'read' | 'update' | 'delete',
): ResourcePermission<typeof RESOURCE_TYPE_LATTICE_PACKAGE> {
  return createPermission({
    name,
    attributes: { action },
    resourceType: RESOURCE_TYPE_LATTICE_PACKAGE,
  });
}

/** See a package, its conditions, history and objects. */
export const latticePackageReadPermission = packagePermission(
  'lattice.package.read',
  'read',
);
/** See a package's values, secrets masked. */
export const latticePackageValuesReadPermission = packagePermission(
  'lattice.package.values.read',
  'read',
);
/** Ask the controller to reconcile now. */
export const latticePackageReconcilePermission = packagePermission(
  'lattice.package.reconcile',
  'update',
);
/** Suspend and resume. */
export const latticePackageSuspendPermission = packagePermission(
  'lattice.package.suspend',
  'update',
);
/** Return to an earlier revision. */
export const latticePackageRollbackPermission = packagePermission(
  'lattice.package.rollback',
  'update',
);
/** Delete a package. */
export const latticePackageDeletePermission = packagePermission(
  'lattice.package.delete',
  'delete',
);
/** See a mesh member, its agreements and policies. */
export const latticeMemberReadPermission: ResourcePermission<
  typeof RESOURCE_TYPE_LATTICE_MEMBER
> = createPermission({
  name: 'lattice.member.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_LATTICE_MEMBER,
});
/** See compliance findings. */
export const latticeFindingsReadPermission: BasicPermission = createPermission({
  name: 'lattice.findings.read',
  attributes: { action: 'read' },
});
/** Start a compliance scan. */
export const latticeScanRunPermission: BasicPermission = createPermission({
  name: 'lattice.scan.run',
  attributes: { action: 'create' },
});
/** Open the templates that write pull requests. */
export const latticePullRequestCreatePermission: BasicPermission =
  createPermission({
    name: 'lattice.pullrequest.create',
    attributes: { action: 'create' },
  });

/** Permissions on packages. */
export const latticePackagePermissions = [
  latticePackageReadPermission,
  latticePackageValuesReadPermission,
  latticePackageReconcilePermission,
  latticePackageSuspendPermission,
  latticePackageRollbackPermission,
  latticePackageDeletePermission,
];

/** Permissions that concern no single object. */
export const latticeBasicPermissions = [
  latticeFindingsReadPermission,
  latticeScanRunPermission,
  latticePullRequestCreatePermission,
];

/** Every permission of the suite. */
export const latticePermissions = [
  ...latticePackagePermissions,
  latticeMemberReadPermission,
  ...latticeBasicPermissions,
];
