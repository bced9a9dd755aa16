import { createHash } from 'node:crypto';
import {
  LABEL_OWNER_UID,
  LatticePackage,
  PORTAL_PREFIX,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { canonicalJson, digestLabel } from '../secrets';
import { WantedRelease } from './PackageWorld';

/** Label of a release record: which chart, as one digest. */
export const LABEL_CHART_KEY = `${PORTAL_PREFIX}chart-key`;
/** Label of a release record: digest of the values. */
export const LABEL_VALUES_DIGEST = `${PORTAL_PREFIX}values-digest`;
/** Label of a release record: generation of the package that asked for it. */
export const LABEL_GENERATION = `${PORTAL_PREFIX}generation`;

/** Label of a release record that we marked failed because its process died. */
export const LABEL_INTERRUPTED = `${PORTAL_PREFIX}interrupted`;

const HEX_DIGITS = 40;

/** Stands for repository, name, version and pin: equal keys mean the same chart, without asking the registry. */
export function chartKeyOf(pkg: LatticePackage): string {
  const { repository, name, version, digest } = pkg.spec.chart;
  return createHash('sha256')
    .update(canonicalJson([repository, name, version, digest ?? null]))
    .digest('hex')
    .slice(0, HEX_DIGITS);
}

/** Labels that make a release record tell whose it is and what was wanted. */
export function releaseLabels(
  pkg: LatticePackage,
  wanted: WantedRelease,
): Record<string, string> {
  return {
    [LABEL_OWNER_UID]: pkg.metadata.uid ?? '',
    [LABEL_CHART_KEY]: wanted.chartKey,
    [LABEL_VALUES_DIGEST]: digestLabel(wanted.valuesDigest),
    [LABEL_GENERATION]: String(pkg.metadata.generation ?? 0),
  };
}

/** What a budget of tries is counted for. */
export function wantedKey(pkg: LatticePackage, wanted: WantedRelease): string {
  const reset = pkg.metadata.annotations[`${PORTAL_PREFIX}reset-at`];
  return [
    wanted.chartKey,
    wanted.valuesDigest,
    pkg.metadata.generation ?? 0,
    ...(reset ? [reset] : []),
  ].join('|');
}
