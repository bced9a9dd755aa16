import semver from 'semver';
import { formatKey } from '../api/object';
import { meshMemberOf } from '../api/meshMember';
import { LatticePackage } from '../api/packageModel';
import { writtenPath } from '../api/writtenPaths';
import { checkMember } from './checkMember';
import { isDnsLabel, isDnsName } from './names';
import { malformedNamespace, protectedNamespace } from './namespaceCheck';
import { referenceChecks } from './referenceChecks';
import { isAllowedRepository, parseRepository } from './repository';
import { AdmissionRules, Check, runChecks, Violation } from './violation';

type PackageCheck = Check<LatticePackage>;

const REPOSITORY = 'spec.chart.repository';
/** Helm's own limit for the name of a release. */
const MAX_RELEASE_NAME = 53;

function addressCheck(rule: string, kind: 'scheme' | 'form'): PackageCheck {
  return {
    rule,
    check: pkg => {
      const address = parseRepository(pkg.spec.chart.repository);
      return 'kind' in address && address.kind === kind
        ? { path: REPOSITORY, message: address.message }
        : undefined;
    },
  };
}

const repositoryAllowed: PackageCheck = {
  rule: 'repository-allowed',
  check: (pkg, rules) => {
    const { repository } = pkg.spec.chart;
    if (
      'kind' in parseRepository(repository) ||
      isAllowedRepository(repository, rules.allowedRepositories)
    ) {
      return undefined;
    }
    const known =
      rules.allowedRepositories.length > 0
        ? `use one of ${rules.allowedRepositories.join(
            ', ',
          )}, or ask the platform team to add it`
        : 'none is allowed yet: the platform team sets lattice.charts.allowedRepositories';
    return {
      path: REPOSITORY,
      message: `is not an approved chart repository: ${known}`,
    };
  },
};

const chartName: PackageCheck = {
  rule: 'chart-name',
  check: pkg =>
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(pkg.spec.chart.name) &&
    !pkg.spec.chart.name.includes('..')
      ? undefined
      : {
          path: 'spec.chart.name',
          message:
            'must be the name of a chart: letters, digits, dots and dashes, without / or .., because it becomes part of an address',
        },
};

const versionPinned: PackageCheck = {
  rule: 'version-pinned',
  check: pkg => {
    const { version } = pkg.spec.chart;
    const bare = version.startsWith('v') ? version.slice(1) : version;
    const read = semver.parse(bare);
    return read && /^[0-9]/.test(bare) && read.raw === bare
      ? undefined
      : {
          path: 'spec.chart.version',
          message:
            'must be one exact version such as 18.4.0: ranges, "latest" and incomplete versions change what runs without a review',
        };
  },
};

const digestForm: PackageCheck = {
  rule: 'digest-form',
  check: pkg =>
    pkg.spec.chart.digest === undefined ||
    /^sha256:[0-9a-f]{64}$/.test(pkg.spec.chart.digest)
      ? undefined
      : {
          path: 'spec.chart.digest',
          message: 'must be sha256: and 64 lower-case hex digits',
        },
};

const namespaceProtected: PackageCheck = {
  rule: 'namespace-protected',
  check: (pkg, rules) =>
    protectedNamespace(pkg.metadata.namespace, {
      owner: pkg.metadata,
      path: 'metadata.namespace',
      rules,
    }),
};

const namespaceForm: PackageCheck = {
  rule: 'namespace-form',
  check: pkg => malformedNamespace(pkg.metadata),
};

const targetNamespaceProtected: PackageCheck = {
  rule: 'target-namespace-protected',
  check: (pkg, rules) =>
    pkg.spec.targetNamespace === pkg.metadata.namespace
      ? undefined
      : protectedNamespace(pkg.spec.targetNamespace, {
          owner: pkg.metadata,
          path: 'spec.targetNamespace',
          rules,
        }),
};

const targetNamespaceForm: PackageCheck = {
  rule: 'target-namespace-form',
  check: pkg =>
    pkg.spec.targetNamespace === pkg.metadata.namespace ||
    isDnsLabel(pkg.spec.targetNamespace)
      ? undefined
      : {
          path: 'spec.targetNamespace',
          message:
            'must be the name of a namespace: lower-case letters, digits and dashes, at most 63',
        },
};

const releaseName: PackageCheck = {
  rule: 'release-name',
  check: pkg =>
    pkg.metadata.name.length <= MAX_RELEASE_NAME && isDnsName(pkg.metadata.name)
      ? undefined
      : {
          path: 'metadata.name',
          message: `becomes the name of the Helm release: lower-case letters, digits, dashes and dots, at most ${MAX_RELEASE_NAME} characters; choose a shorter or plainer name`,
        },
};

const accountName: PackageCheck = {
  rule: 'service-account-name',
  check: pkg =>
    isDnsName(pkg.spec.serviceAccountName)
      ? undefined
      : {
          path: 'spec.serviceAccountName',
          message:
            'must be the name of a ServiceAccount: lower-case letters, digits, dashes and dots',
        },
};

const dependsOn: PackageCheck = {
  rule: 'depends-on',
  check: pkg =>
    pkg.spec.dependsOn.flatMap((dependency, index) => {
      const path = `spec.dependsOn[${index}]`;
      if (!isDnsName(dependency.name) || !isDnsLabel(dependency.namespace)) {
        return [{ path, message: 'must name a package by namespace and name' }];
      }
      return formatKey(dependency) === formatKey(pkg.metadata)
        ? [
            {
              path,
              message:
                'names the package itself, which would wait for itself forever: remove it',
            },
          ]
        : [];
    }),
};

const resourceNames: PackageCheck = {
  rule: 'resource-name',
  check: pkg =>
    Object.keys(pkg.spec.resources)
      .filter(name => !isDnsLabel(name))
      .map(() => ({
        path: 'spec.resources',
        message:
          'names of resources hold lower-case letters, digits and dashes only, at most 63: references and object names are made of them',
      })),
};

/** The rules for packages, in the order in which they are reported. */
export const PACKAGE_CHECKS: readonly PackageCheck[] = [
  namespaceForm,
  namespaceProtected,
  targetNamespaceForm,
  targetNamespaceProtected,
  releaseName,
  addressCheck('repository-scheme', 'scheme'),
  addressCheck('repository-form', 'form'),
  repositoryAllowed,
  chartName,
  versionPinned,
  digestForm,
  accountName,
  dependsOn,
  resourceNames,
  ...referenceChecks,
];

/**
 * Holds a package against the admission rules. The webhook, the controllers and the command line ask this one
 * function. An empty list means that nothing is wrong.
 */
export function checkPackage(
  pkg: LatticePackage,
  rules: AdmissionRules,
): Violation[] {
  const pathOf = (path: string) => writtenPath(pkg.writtenPaths, path);
  const member = meshMemberOf(pkg);
  return [
    ...runChecks(PACKAGE_CHECKS, pkg, rules, pathOf),
    ...(member ? checkMember(member, rules) : [])
      .filter(({ path }) => path.startsWith('spec.'))
      .map(violation => ({ ...violation, path: pathOf(violation.path) })),
  ];
}
