import { formatKey, ObjectKey } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import { MAX_RELEASE_NAME } from '../api/schemas/patterns';
import { isDnsLabel, isDnsName } from './names';
import { malformedNamespace, protectedNamespace } from './namespaceCheck';
import { Check, Finding } from './violation';

type PackageCheck = Check<LatticePackage>;

const SECONDS_PER_HOUR = 3600;
/** Longest time that a package may ask for, in hours. */
const MAX_HOURS = 24;

const namespaceForm: PackageCheck = {
  rule: 'namespace-form',
  check: pkg => malformedNamespace(pkg.metadata),
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

const targetNamespaceForm: PackageCheck = {
  rule: 'target-namespace-form',
  check: pkg =>
    pkg.spec.targetNamespace === pkg.metadata.namespace ||
    isDnsLabel(pkg.spec.targetNamespace)
      ? undefined
      : {
          path: 'spec.targetNamespace',
          message:
            'must be the name of a namespace: lower-case letters, digits and dashes, at most 63; or leave it out for the namespace of the package',
        },
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
            'must be the name of a ServiceAccount: lower-case letters, digits, dashes and dots; nothing else can be acted as',
        },
};

function namesPackage(key: ObjectKey): boolean {
  return isDnsName(key.name) && isDnsLabel(key.namespace);
}

const dependsOn: PackageCheck = {
  rule: 'depends-on',
  check: ({ metadata, spec }) =>
    spec.dependsOn.flatMap((dependency, index): Finding[] => {
      const path = `spec.dependsOn[${index}]`;
      if (!namesPackage(dependency)) {
        return [
          {
            path,
            message:
              'must name a package by namespace and name: the install would wait for it forever; correct the name',
          },
        ];
      }
      return formatKey(dependency) === formatKey(metadata)
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

const allowedDependents: PackageCheck = {
  rule: 'allowed-dependents',
  check: ({ spec }) =>
    spec.allowedDependents.flatMap((dependent, index): Finding[] =>
      namesPackage(dependent)
        ? []
        : [
            {
              path: `spec.allowedDependents[${index}]`,
              message:
                'must name one package by namespace and name: what it names may hold up the deletion of this one, so there is no wildcard',
            },
          ],
    ),
};

const durations: PackageCheck = {
  rule: 'duration-range',
  check: ({ spec }) =>
    (
      [
        ['spec.timeout', spec.timeoutSeconds],
        ['spec.progressDeadline', spec.progressDeadlineSeconds],
      ] as const
    ).flatMap(([path, seconds]): Finding[] =>
      seconds >= 1 && seconds <= MAX_HOURS * SECONDS_PER_HOUR
        ? []
        : [
            {
              path,
              message: `must be from 1s to ${MAX_HOURS}h: nothing can finish in no time, and after a day nobody could tell slow from stuck; leave it out for the default`,
            },
          ],
    ),
};

const unsupported: PackageCheck = {
  rule: 'field-unsupported',
  check: ({ unsupportedFields = [] }) =>
    unsupportedFields.map(path => ({
      path,
      severity: 'warning' as const,
      message: path.endsWith('createNamespace')
        ? 'is accepted and does nothing, because a namespace brings rights and owners with it: create the namespace first, and take the field out'
        : 'is accepted and does nothing, because each cluster gets its objects from Git: declare the package where it is wanted, and take the field out',
    })),
};

/** Rules about where a package lives, what it is called, and what it waits for. */
export const packageNameChecks: readonly PackageCheck[] = [
  namespaceForm,
  namespaceProtected,
  targetNamespaceForm,
  targetNamespaceProtected,
  releaseName,
];

/** The other rules about the fields of a package. */
export const packageFieldChecks: readonly PackageCheck[] = [
  accountName,
  dependsOn,
  allowedDependents,
  durations,
  unsupported,
];
