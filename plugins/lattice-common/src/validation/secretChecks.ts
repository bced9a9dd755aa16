import { formatPath } from '../api/fieldPath';
import { LatticePackage, SecretResource } from '../api/packageModel';
import { readDuration } from '../api/readDuration';
import { ReferenceScan, scanReferences } from '../values/scanReferences';
import { isDnsLabel, isDnsName } from './names';
import { Check, Finding } from './violation';

type PackageCheck = Check<LatticePackage>;

const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;
/** Printable and on one line: nothing else is a path of a backend. */
const REMOTE_KEY = /^[^\s\p{C}](?:[^\p{C}]{0,1022}[^\s\p{C}])?$/u;
const SHORTEST_REFRESH_SECONDS = 60;
/** The longest duration that Go can hold, in seconds. */
const LONGEST_REFRESH_SECONDS = 9_223_372_036;

/** Several checks ask about the same package one after the other. */
const scans = new WeakMap<LatticePackage['spec'], ReferenceScan>();

function scanOf({ spec }: LatticePackage): ReferenceScan {
  let scan = scans.get(spec);
  if (!scan) {
    scan = scanReferences(spec.values, spec.resources);
    scans.set(spec, scan);
  }
  return scan;
}

function eachResource(
  { spec }: LatticePackage,
  find: (resource: SecretResource, path: string) => Finding[] | undefined,
): Finding[] {
  return Object.entries(spec.resources).flatMap(
    ([name, resource]) =>
      find(resource, formatPath(['spec', 'resources', name])) ?? [],
  );
}

const resourceNames: PackageCheck = {
  rule: 'resource-name',
  check: pkg =>
    Object.keys(pkg.spec.resources)
      .filter(name => !isDnsLabel(name))
      .map(name => ({
        path: formatPath(['spec', 'resources', name]),
        message:
          'is not a name: lower-case letters, digits and dashes only, at most 63, because references and object names are made of it',
      })),
};

const providers: PackageCheck = {
  rule: 'secret-provider',
  check: pkg =>
    eachResource(pkg, ({ provider }, path) =>
      provider === undefined || isDnsName(provider)
        ? undefined
        : [
            {
              path: `${path}.params.provider`,
              message:
                'must be the name of a ClusterSecretStore: lower-case letters, digits, dashes and dots; ask the platform team which there are',
            },
          ],
    ),
};

const remoteKeys: PackageCheck = {
  rule: 'secret-id',
  check: pkg =>
    eachResource(pkg, ({ id }, path) =>
      id === undefined || REMOTE_KEY.test(id)
        ? undefined
        : [
            {
              path: `${path}.id`,
              message:
                'must be the key under which the backend keeps the secret: not empty, on one line, without space at either end; leave it out for the default key',
            },
          ],
    ),
};

const secretKeys: PackageCheck = {
  rule: 'secret-key',
  check: pkg =>
    eachResource(pkg, ({ keys }, path) => {
      if (keys?.length === 0) {
        return [
          {
            path: `${path}.params.keys`,
            message:
              'is empty, so nothing could be referred to: list the keys, or leave it out for all',
          },
        ];
      }
      return keys?.flatMap((key, index) =>
        SECRET_KEY.test(key)
          ? []
          : [
              {
                path: `${path}.params.keys[${index}]`,
                message:
                  'must be a key of a Secret: letters, digits, dot, dash and underscore, at most 253; Kubernetes takes no other',
              },
            ],
      );
    }),
};

function refreshProblem(interval: string): Omit<Finding, 'path'> | undefined {
  const seconds = readDuration(interval) ?? 0;
  if (seconds > LONGEST_REFRESH_SECONDS) {
    return {
      message:
        'is longer than External Secrets can count, so it would refuse the object: choose hours or days, such as 1h',
    };
  }
  if (seconds === 0) {
    return {
      severity: 'warning',
      message:
        'is zero, so the secret is read once and a rotated one is never noticed: choose an interval such as 1h',
    };
  }
  return seconds < SHORTEST_REFRESH_SECONDS
    ? {
        severity: 'warning',
        message:
          'asks the backend more than once a minute, which many of them throttle: choose 1m or longer',
      }
    : undefined;
}

const refreshIntervals: PackageCheck = {
  rule: 'secret-refresh',
  check: pkg =>
    eachResource(pkg, ({ refreshInterval }, path) => {
      const problem =
        refreshInterval === undefined
          ? undefined
          : refreshProblem(refreshInterval);
      return (
        problem && [{ ...problem, path: `${path}.params.refreshInterval` }]
      );
    }),
};

const references: PackageCheck = {
  rule: 'references-resolvable',
  check: pkg => [...scanOf(pkg).problems],
};

const resourcesUsed: PackageCheck = {
  rule: 'resource-unused',
  check: pkg => {
    const { usedResources } = scanOf(pkg);
    return Object.keys(pkg.spec.resources)
      .filter(name => !usedResources.has(name))
      .map(name => ({
        path: formatPath(['spec', 'resources', name]),
        message:
          'is declared, but no value refers to it, so it is never fetched: refer to it in spec.values, or remove it',
        severity: 'warning' as const,
      }));
  },
};

const secretsInValues: PackageCheck = {
  rule: 'secret-in-values',
  check: pkg => {
    const paths = new Set(scanOf(pkg).valueReferences.map(({ path }) => path));
    const [first] = paths;
    if (first === undefined) {
      return undefined;
    }
    const others = paths.size > 1 ? ` (and ${paths.size - 1} more places)` : '';
    return {
      path: first,
      severity: 'warning',
      message: `puts a secret's value into the values${others}, which Helm keeps in its release Secret: whoever reads Secrets there reads it; where the chart takes the name of an existing Secret, use a $secret directive`,
    };
  },
};

/** Rules about secret resources and the references to them. */
export const secretChecks: readonly PackageCheck[] = [
  resourceNames,
  providers,
  remoteKeys,
  secretKeys,
  refreshIntervals,
  references,
  resourcesUsed,
  secretsInValues,
];
