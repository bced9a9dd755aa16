import {
  checkFleet,
  checkMember,
  checkPackage,
  checkPolicy,
  FleetViolation,
  LatticePackage,
  planSecrets,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeMember, describeObject } from '../findings/Finding';
import { Remark, remarkOn, Source } from '../findings/Remark';
import { Located, Manifests } from '../manifests/Manifests';
import { membersOf } from '../manifests/membersOf';
import { namespacesIn, podOf } from '../manifests/podOf';
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

function checkPolicies(
  { policies }: Manifests,
  { rules }: ValidationSettings,
): Remark[] {
  return policies.flatMap(({ object, source }) =>
    checkPolicy(object, rules).map(violation =>
      remarkOn(
        violation,
        describeObject('CedarPolicy', object.metadata),
        source,
      ),
    ),
  );
}

/** Where each object stands and what it is called, by what a violation calls it. */
function placesIn(
  packages: Manifests['packages'],
  members: Manifests['members'],
): Map<string, { readonly name: string; readonly source: Source }> {
  const places = new Map<string, { name: string; source: Source }>();
  for (const { object, source } of packages) {
    const name = describeObject('LatticePackage', object.metadata);
    places.set(name, { name, source });
  }
  for (const { object, source } of members) {
    const name = describeMember(object);
    places.set(describeObject(object.kind, object.metadata), { name, source });
  }
  return places;
}

function checkTogether(manifests: Manifests): Remark[] {
  const { packages, context } = manifests;
  const members = membersOf(manifests);
  const places = placesIn(packages, members);
  const namespaces = namespacesIn(context);
  const violations: FleetViolation[] = checkFleet({
    packages: packages.map(({ object }) => object),
    members: members.map(({ object }) => object),
    pods: context.flatMap(object => podOf(object, namespaces) ?? []),
  });
  return violations.flatMap(violation => {
    const place = places.get(describeObject(violation.kind, violation.object));
    return place ? [remarkOn(violation, place.name, place.source)] : [];
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
    ...checkPolicies(manifests, settings),
    ...checkTogether(manifests),
    ...checkTargets(manifests),
  ];
}
