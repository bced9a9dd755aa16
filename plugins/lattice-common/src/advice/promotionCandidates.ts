import { ObjectKey } from '../api/object';

/** A package on a cluster, as far as its upkeep is concerned. */
export interface PlacedPackage extends ObjectKey {
  readonly cluster: string;
  readonly chart: { readonly repository: string; readonly name: string };
  /** Who owns it, when that is known. */
  readonly owner?: string;
  /** Members that people keep for it by hand. */
  readonly members: number;
  /** Its chart's version; different ones drift apart. */
  readonly version: string;
}

/** From when on upkeep by hand is worth a second thought. */
export interface PromotionThresholds {
  /** Placements of one chart. */
  readonly placements: number;
  /** Owners of one chart. */
  readonly owners: number;
  /** Members kept by hand for one chart. */
  readonly members: number;
}

/** Thresholds unless the configuration says otherwise: five packages are manageable, fifty are not. */
export const DEFAULT_PROMOTION_THRESHOLDS: PromotionThresholds = {
  placements: 5,
  owners: 3,
  members: 10,
};

/** Why a chart is a candidate for a kind of its own. */
export const PromotionReasons = {
  ManyPlacements: 'ManyPlacements',
  ManyOwners: 'ManyOwners',
  ManyMembers: 'ManyMembers',
} as const;

/** Why a chart is a candidate for a kind of its own. */
export type PromotionReason =
  (typeof PromotionReasons)[keyof typeof PromotionReasons];

/** English texts. */
export const PROMOTION_TEXTS: Readonly<Record<PromotionReason, string>> = {
  ManyPlacements: 'It runs in many places.',
  ManyOwners: 'Many teams run it.',
  ManyMembers: 'Many mesh members are kept in step with it by hand.',
};

/** What one chart costs a fleet. */
export interface ChartUpkeep {
  readonly chart: { readonly repository: string; readonly name: string };
  readonly placements: number;
  readonly clusters: number;
  readonly owners: number;
  readonly members: number;
  /** Distinct versions in use, sorted. */
  readonly versions: readonly string[];
  /** Empty when it is no candidate. */
  readonly reasons: readonly PromotionReason[];
}

/** What packages cost a fleet, and which of them deserve a kind of their own. */
export interface FleetUpkeep {
  readonly packages: number;
  readonly members: number;
  /** Packages that no member speaks for. */
  readonly withoutMember: number;
  /** The most frequent first. */
  readonly charts: readonly ChartUpkeep[];
  /** Those that show two signs or more of being common and costly. */
  readonly candidates: readonly ChartUpkeep[];
}

function count<T>(items: readonly T[], of: (item: T) => string | undefined) {
  return new Set(items.map(of).filter(one => one !== undefined)).size;
}

function sum(packages: readonly PlacedPackage[]): number {
  return packages.reduce((total, one) => total + one.members, 0);
}

function reasonsFor(
  upkeep: Omit<ChartUpkeep, 'reasons'>,
  thresholds: PromotionThresholds,
): PromotionReason[] {
  const isReached: readonly (readonly [PromotionReason, boolean])[] = [
    [
      PromotionReasons.ManyPlacements,
      upkeep.placements >= thresholds.placements,
    ],
    [PromotionReasons.ManyOwners, upkeep.owners >= thresholds.owners],
    [PromotionReasons.ManyMembers, upkeep.members >= thresholds.members],
  ];
  const reasons = isReached.filter(([, is]) => is).map(([reason]) => reason);
  // One sign alone is no pattern: many copies may all be one team's.
  return reasons.length >= 2 ? reasons : [];
}

function upkeepOf(
  packages: readonly PlacedPackage[],
  thresholds: PromotionThresholds,
): ChartUpkeep {
  const [{ chart }] = packages;
  const upkeep = {
    chart: { repository: chart.repository, name: chart.name },
    placements: packages.length,
    clusters: count(packages, one => one.cluster),
    owners: count(packages, one => one.owner),
    members: sum(packages),
    versions: [...new Set(packages.map(one => one.version))].sort(),
  };
  return { ...upkeep, reasons: reasonsFor(upkeep, thresholds) };
}

function chartId({ chart }: PlacedPackage): string {
  return JSON.stringify([
    chart.repository.toLowerCase().replace(/\/+$/, ''),
    chart.name,
  ]);
}

/** Counts what packages and their members cost a fleet, and names the charts that are common enough for a kind. */
export function promotionCandidates(
  packages: readonly PlacedPackage[],
  thresholds: PromotionThresholds = DEFAULT_PROMOTION_THRESHOLDS,
): FleetUpkeep {
  const byChart = new Map<string, PlacedPackage[]>();
  for (const one of packages) {
    const group = byChart.get(chartId(one));
    if (group) {
      group.push(one);
    } else {
      byChart.set(chartId(one), [one]);
    }
  }
  const charts = [...byChart.entries()]
    .sort(
      ([leftId, left], [rightId, right]) =>
        right.length - left.length || (leftId < rightId ? -1 : 1),
    )
    .map(([, group]) => upkeepOf(group, thresholds));
  return {
    packages: packages.length,
    members: sum(packages),
    withoutMember: packages.filter(({ members }) => members === 0).length,
    charts,
    candidates: charts.filter(({ reasons }) => reasons.length > 0),
  };
}
