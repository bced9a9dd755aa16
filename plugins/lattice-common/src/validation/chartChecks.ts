import { LatticePackage } from '../api/packageModel';
import { DIGEST, EXACT_VERSION } from '../api/schemas/patterns';
import { isDnsName } from './names';
import {
  isAllowedRepository,
  isLookalike,
  parseRepository,
} from './repository';
import { Check, Finding } from './violation';

type PackageCheck = Check<LatticePackage>;

const REPOSITORY = 'spec.chart.repository';
const CHART_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const repositoryScheme: PackageCheck = {
  rule: 'repository-scheme',
  check: pkg => {
    const address = parseRepository(pkg.spec.chart.repository);
    return 'kind' in address && address.kind === 'scheme'
      ? { path: REPOSITORY, message: address.message }
      : undefined;
  },
};

const repositoryForm: PackageCheck = {
  rule: 'repository-form',
  check: ({ spec }, { allowedRepositories }) => {
    const address = parseRepository(spec.chart.repository);
    if ('kind' in address) {
      return address.kind === 'form'
        ? { path: REPOSITORY, message: address.message }
        : undefined;
    }
    return isLookalike(address) &&
      !isAllowedRepository(spec.chart.repository, allowedRepositories)
      ? {
          path: REPOSITORY,
          message:
            'has a host in punycode (xn--), whose letters may look like those of another host: use a plain host name, or have the platform team allow exactly this one',
        }
      : undefined;
  },
};

const repositoryAllowed: PackageCheck = {
  rule: 'repository-allowed',
  check: ({ spec }, { allowedRepositories }) => {
    const { repository } = spec.chart;
    if (
      'kind' in parseRepository(repository) ||
      isAllowedRepository(repository, allowedRepositories)
    ) {
      return undefined;
    }
    const known =
      allowedRepositories.length > 0
        ? `use one of ${shortList(
            allowedRepositories,
          )}, or ask the platform team to add it to lattice.charts.allowedRepositories`
        : 'none is allowed yet: the platform team sets lattice.charts.allowedRepositories';
    return {
      path: REPOSITORY,
      message: `is not an approved chart repository, and what it serves would run unreviewed: ${known}`,
    };
  },
};

const SHOWN = 3;
const MAX_SHOWN_LENGTH = 60;

/** Enough to see what is meant, and still fit for a list of findings. */
function shortList(entries: readonly string[]): string {
  const shown = entries
    .slice(0, SHOWN)
    .map(one =>
      one.length > MAX_SHOWN_LENGTH
        ? `${one.slice(0, MAX_SHOWN_LENGTH)}...`
        : one,
    );
  const more = entries.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const chartName: PackageCheck = {
  rule: 'chart-name',
  check: ({ spec }) =>
    CHART_NAME.test(spec.chart.name) && !spec.chart.name.includes('..')
      ? undefined
      : {
          path: 'spec.chart.name',
          message:
            'must be the name of a chart: letters, digits, dots and dashes, without / or .., because it becomes part of an address',
        },
};

const versionPinned: PackageCheck = {
  rule: 'version-pinned',
  check: ({ spec }) => {
    const { version } = spec.chart;
    if (EXACT_VERSION.test(version)) {
      return undefined;
    }
    return {
      path: 'spec.chart.version',
      message: version.startsWith('sha256:')
        ? 'must be one exact version such as 18.4.0, which people can read: write the digest into chart.digest, beside the version'
        : 'must be one exact version such as 18.4.0: ranges, "latest" and incomplete versions change what runs without a review',
    };
  },
};

const digestForm: PackageCheck = {
  rule: 'digest-form',
  check: ({ spec }) =>
    spec.chart.digest === undefined || DIGEST.test(spec.chart.digest)
      ? undefined
      : {
          path: 'spec.chart.digest',
          message:
            'must be sha256: and 64 lower-case hex digits: anything else pins nothing; copy it from the registry, or leave it out',
        },
};

const secretRefs: PackageCheck = {
  rule: 'secret-ref-name',
  check: ({ spec }) =>
    (['pullSecretRef', 'caSecretRef'] as const).flatMap((field): Finding[] => {
      const reference = spec.chart[field];
      return !reference || isDnsName(reference.name)
        ? []
        : [
            {
              path: `spec.chart.${field}.name`,
              message:
                "must be the name of a Secret in the package's namespace: lower-case letters, digits, dashes and dots; give the name alone, never the credential",
            },
          ];
    }),
};

/** Rules about which chart, from where. */
export const chartChecks: readonly PackageCheck[] = [
  repositoryScheme,
  repositoryForm,
  repositoryAllowed,
  chartName,
  versionPinned,
  digestForm,
  secretRefs,
];
