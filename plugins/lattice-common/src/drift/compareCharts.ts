import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { Coverage } from './Coverage';
import { ChartChange, chartChanges } from './chartChanges';
import { Endpoint } from './endpoints';
import { coverageOf, DriftHistory, findDriftSince } from './findDrift';
import {
  DriftFinding,
  DriftWorld,
  RenderedRelease,
  WorkloadRef,
} from './types';

/** Two renderings of one package, and what they are held against. */
export interface ChartComparison {
  readonly before: RenderedRelease;
  readonly after: RenderedRelease;
  /** Members, and the pods and Services of everybody else, so that proposals catch nobody's pods. */
  readonly world: Omit<DriftWorld, 'releases'>;
}

/** What an upgrade changes, and what would be wrong after it that is not wrong now. */
export interface ChartDifference {
  readonly changes: readonly ChartChange[];
  readonly findings: readonly DriftFinding[];
}

function refId({ kind, namespace, name }: WorkloadRef): string {
  return `${kind}/${namespace}/${name}`;
}

function historyOf(before: Coverage, after: Coverage): DriftHistory {
  const memberOf = new Map<string, LatticeMember>();
  for (const endpoint of before.endpoints) {
    const [member] = before.membersOf(endpoint);
    if (member) {
      memberOf.set(refId(endpoint.workload), member);
    }
  }
  const current = new Map(
    after.members.map(member => [formatKey(member.metadata), member]),
  );
  return {
    formerMember: ({ workload }: Endpoint) => {
      const member = memberOf.get(refId(workload));
      return member && current.get(formatKey(member.metadata));
    },
    formerlyUsed: new Set(
      [...memberOf.values()].map(({ metadata }) => formatKey(metadata)),
    ),
  };
}

function isOthers(release: RenderedRelease) {
  const own = formatKey(release.package);
  return (one: { package?: { namespace: string; name: string } }) =>
    !one.package || formatKey(one.package) !== own;
}

/** Holds two versions of a chart side by side. Pods of the package itself are not looked at: they are about to change. */
export function compareCharts(comparison: ChartComparison): ChartDifference {
  const { before, after } = comparison;
  const { pods, ...rest } = comparison.world;
  const worldOf = (release: RenderedRelease): DriftWorld => ({
    ...rest,
    releases: [release],
  });
  // The pods of others are context: proposals must not catch them, and nobody is blamed for them here.
  const others = pods?.filter(isOthers(after)) ?? [];
  const former = coverageOf({ ...worldOf(before), pods: others });
  const coming = coverageOf({ ...worldOf(after), pods: others });
  const known = new Set(
    findDriftSince(worldOf(before), former).map(({ id }) => id),
  );
  const findings = findDriftSince(
    worldOf(after),
    coming,
    historyOf(former, coming),
  );
  return {
    changes: chartChanges(before, after),
    findings: findings.filter(({ id }) => !known.has(id)),
  };
}
