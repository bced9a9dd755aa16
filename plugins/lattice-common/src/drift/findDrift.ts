import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { findAccountMismatches } from './accountFindings';
import { Coverage } from './Coverage';
import {
  findNothingSelected,
  findUncovered,
  FormerMember,
} from './coverageFindings';
import { readEndpoints } from './endpoints';
import { Findings } from './findings';
import { findOverlaps } from './overlapFindings';
import { findUndeclaredPorts, findUnopenedPorts } from './portFindings';
import { DriftFinding, DriftWorld } from './types';

/** What is known besides the world that is looked at. */
export interface DriftHistory {
  readonly formerMember: FormerMember;
  /** Members that selected something before. */
  readonly formerlyUsed: ReadonlySet<string>;
}

/** Members whose pods must be in the world: all when pods are known, else those of the releases. */
function expectation(
  world: DriftWorld,
  history: DriftHistory | undefined,
): (member: LatticeMember) => boolean {
  const hidden = new Set(world.protectedNamespaces ?? []);
  const ofReleases = new Set(
    (world.releases ?? []).map(it =>
      formatKey({ namespace: it.namespace, name: it.package.name }),
    ),
  );
  return ({ metadata }) =>
    !hidden.has(metadata.namespace) &&
    (world.pods !== undefined ||
      ofReleases.has(formatKey(metadata)) ||
      (history?.formerlyUsed.has(formatKey(metadata)) ?? false));
}

/** How members cover what a world holds. */
export function coverageOf(world: DriftWorld): Coverage {
  return new Coverage(world.members, readEndpoints(world));
}

/** {@link findDrift}, where it is known what was there before. */
export function findDriftSince(
  world: DriftWorld,
  coverage: Coverage,
  history?: DriftHistory,
): DriftFinding[] {
  const findings = new Findings();
  findUndeclaredPorts(coverage, findings);
  findUncovered(coverage, findings, history?.formerMember);
  findUnopenedPorts(coverage, findings);
  findNothingSelected(coverage, findings, expectation(world, history));
  findOverlaps(coverage, findings);
  findAccountMismatches(coverage, findings);
  return findings.list();
}

/**
 * Compares what members declare with what charts render and what runs. Pure. Without pods, members of other packages
 * than those of the releases are not blamed for selecting nothing.
 */
export function findDrift(world: DriftWorld): DriftFinding[] {
  return findDriftSince(world, coverageOf(world));
}
