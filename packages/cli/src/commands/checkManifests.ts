import {
  checkFleet,
  checkMember,
  checkPackage,
  FleetViolation,
  LatticePackage,
  planSecrets,
  Violation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeObject, Finding } from '../finding';
import { membersOf } from '../manifests/membersOf';
import { Located, Manifests, Source } from '../manifests/readManifests';
import { ValidationSettings } from '../settings/readRules';

function locate(violation: Violation, object: string, source: Source): Finding {
  const { rule, severity, path, message } = violation;
  return {
    rule,
    severity,
    file: source.file,
    line: source.lineOf(path),
    object,
    path,
    message,
  };
}

/** Problems of the secret plan that only the configuration can cause. */
function secretStoreFindings(
  { object: pkg, source }: Located<LatticePackage>,
  { secrets }: ValidationSettings,
): Finding[] {
  const result = secrets && planSecrets(pkg, secrets);
  if (!result || result.ok) {
    return [];
  }
  return result.problems
    .filter(({ path }) => path.startsWith('spec.resources'))
    .map(({ path, message }) =>
      locate(
        { rule: 'secret-store', severity: 'warning', path, message },
        describeObject('LatticePackage', pkg.metadata),
        source,
      ),
    );
}

function checkPackages(
  { packages }: Manifests,
  settings: ValidationSettings,
): Finding[] {
  return packages.flatMap(located => [
    ...checkPackage(located.object, settings.rules)
      .filter(
        ({ rule }) =>
          settings.areRepositoriesKnown || rule !== 'repository-allowed',
      )
      .map(violation =>
        locate(
          violation,
          describeObject('LatticePackage', located.object.metadata),
          located.source,
        ),
      ),
    ...secretStoreFindings(located, settings),
  ]);
}

function checkMembers(
  { members }: Manifests,
  { rules }: ValidationSettings,
): Finding[] {
  return members.flatMap(({ object, source }) =>
    checkMember(object, rules).map(violation =>
      locate(violation, describeObject(object.kind, object.metadata), source),
    ),
  );
}

function checkTogether(manifests: Manifests): Finding[] {
  const { packages } = manifests;
  const members = membersOf(manifests);
  const sources = new Map<string, Source>([
    ...packages.map(({ object, source }): [string, Source] => [
      describeObject('LatticePackage', object.metadata),
      source,
    ]),
    ...members.map(({ object, source }): [string, Source] => [
      describeObject(object.kind, object.metadata),
      source,
    ]),
  ]);
  const violations: FleetViolation[] = checkFleet({
    packages: packages.map(({ object }) => object),
    members: members.map(({ object }) => object),
  });
  return violations.flatMap(violation => {
    const name = describeObject(violation.kind, violation.object);
    const source = sources.get(name);
    return source ? [locate(violation, name, source)] : [];
  });
}

function compare(a: Finding, b: Finding): number {
  if (a.file !== b.file) {
    return a.file < b.file ? -1 : 1;
  }
  return a.line - b.line;
}

/** Everything that can be said about these manifests without a cluster, by file and line. */
export function checkManifests(
  manifests: Manifests,
  settings: ValidationSettings,
): Finding[] {
  return [
    ...manifests.findings,
    ...checkPackages(manifests, settings),
    ...checkMembers(manifests, settings),
    ...checkTogether(manifests),
  ].sort(compare);
}
