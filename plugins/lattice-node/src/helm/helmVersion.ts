import { gte, parse } from 'semver';

/** The two Helm majors that we can drive. */
export type HelmMajor = 3 | 4;

/** A Helm version that passed the check. */
export interface HelmVersion {
  /** Without a leading `v`. */
  readonly version: string;
  readonly major: HelmMajor;
}

const MINIMUM: Readonly<Record<HelmMajor, string>> = {
  3: '3.21.0',
  4: '4.2.4',
};

/** The helm binary is missing, or too old to be trusted with releases. */
export class UnsupportedHelmError extends Error {
  override readonly name = 'UnsupportedHelmError';
}

/**
 * Checks the output of `helm version --short`, for example `v4.3.1+g1234abc`.
 * Helm 4.0.0 to 4.2.3 hang on deletes and lack security fixes, so they are refused.
 */
export function checkHelmVersion(output: string): HelmVersion {
  const parsed = parse(output.trim().split('+')[0]);
  if (!parsed) {
    throw new UnsupportedHelmError(
      'The helm binary did not tell its version. Set lattice.helm.binary to Helm 3.21 or later, or 4.2.4 or later.',
    );
  }
  const { version, major } = parsed;
  if ((major !== 3 && major !== 4) || !gte(version, MINIMUM[major])) {
    throw new UnsupportedHelmError(
      `Helm ${version} is not supported. Use Helm 3.21 or later, or 4.2.4 or later (lattice.helm.binary).`,
    );
  }
  return { version, major };
}
