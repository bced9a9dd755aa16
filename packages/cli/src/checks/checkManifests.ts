import {
  checkFleet,
  checkMember,
  checkPackage,
  FleetViolation,
  LatticePackage,
  planSecrets,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeObject } from '../findings/Finding';
import { Remark, remarkOn, Source } from '../findings/Remark';
import { Located, Manifests } from '../manifests/Manifests';
import { membersOf } from '../manifests/membersOf';
import { ValidationSettings } from '../settings/readRules';
import { checkTargets } from './checkTargets';

/** Problems of the secret plan that only the configuration can cause. */
function secretStoreRemarks(
  { object: pkg, source }: Located<LatticePackage>,
  { secrets }: ValidationSettings,
): Remark[] {
  const result = secrets && planSecrets(pkg, secrets);
  if (!result || result.ok) {
    return [];
  }
  return result.problems
    .filter(({ path }) => path.startsWith('spec.resources'))
    .map(({ path, message }) => ({
      rule: 'secret-store',
      severity: 'warning',
      object: describeObject('LatticePackage', pkg.metadata),
      path,
      message,
      at: source,
    }));
}

function checkPackages(
  { packages }: Manifests,
  settings: ValidationSettings,
): Remark[] {
  return packages.flatMap(located => {
    const { object, source } = located;
    const name = describeObject('LatticePackage', object.metadata);
    const remarks = checkPackage(object, settings.rules)
      .filter(
        ({ rule }) =>
          settings.areRepositoriesKnown || rule !== 'repository-allowed',
      )
      .map(violation => remarkOn(violation, name, source));
    return [...remarks, ...secretStoreRemarks(located, settings)];
  });
}

/** What admission says of the members that somebody has written as such. */
export function checkMembers(
  members: Manifests['members'],
  { rules }: Pick<ValidationSettings, 'rules'>,
): Remark[] {
  return members.flatMap(({ object, source }) =>
    checkMember(object, rules).map(violation =>
      remarkOn(violation, describeObject(object.kind, object.metadata), source),
    ),
  );
}

function checkTogether(manifests: Manifests): Remark[] {
  const { packages } = manifests;
  const members = membersOf(manifests);
  const sources = new Map<string, Source>();
  for (const { object, source } of packages) {
    sources.set(describeObject('LatticePackage', object.metadata), source);
  }
  for (const { object, source } of members) {
    sources.set(describeObject(object.kind, object.metadata), source);
  }
  const violations: FleetViolation[] = checkFleet({
    packages: packages.map(({ object }) => object),
    members: members.map(({ object }) => object),
  });
  return violations.flatMap(violation => {
    const name = describeObject(violation.kind, violation.object);
    const source = sources.get(name);
    return source ? [remarkOn(violation, name, source)] : [];
  });
}

/** Everything that can be said about these manifests without a cluster. */
export function checkManifests(
  manifests: Manifests,
  settings: ValidationSettings,
): Remark[] {
  return [
    ...manifests.remarks,
    ...checkPackages(manifests, settings),
    ...checkMembers(manifests.members, settings),
    ...checkTogether(manifests),
    ...checkTargets(manifests),
  ];
}
