import { LatticePackage } from '../api/packageModel';
import { scanReferences } from '../values/scanReferences';

/** What a service derived by the platform has without asking. */
export const Guarantees = {
  Lifecycle: 'Lifecycle',
  NetworkPolicy: 'NetworkPolicy',
  SecretResolution: 'SecretResolution',
  ContentAuthorization: 'ContentAuthorization',
  ImageVerification: 'ImageVerification',
  Observability: 'Observability',
  Quota: 'Quota',
  Autoscaling: 'Autoscaling',
} as const;

/** What a service derived by the platform has without asking. */
export type Guarantee = (typeof Guarantees)[keyof typeof Guarantees];

/**
 * How a package stands with one of them.
 *
 * - `closed`: Lattice gives it, without a kind of its own.
 * - `partial`: a part of it is there.
 * - `byChart`: the chart brings something of the sort; nobody vouches for it.
 * - `lacking`: it is lost.
 * - `unknown`: nobody has looked.
 */
export type GapState = 'closed' | 'partial' | 'byChart' | 'lacking' | 'unknown';

/** Why a gap stands as it does. */
export const GapReasons = {
  Managed: 'Managed',
  Covered: 'Covered',
  PartlyCovered: 'PartlyCovered',
  NoMember: 'NoMember',
  SecretsByName: 'SecretsByName',
  SecretsInValues: 'SecretsInValues',
  NoSecrets: 'NoSecrets',
  ContentsScanned: 'ContentsScanned',
  ImagesPinned: 'ImagesPinned',
  ImagesUnchecked: 'ImagesUnchecked',
  MonitorsBrought: 'MonitorsBrought',
  NoMonitors: 'NoMonitors',
  NamespaceQuota: 'NamespaceQuota',
  NoQuota: 'NoQuota',
  AutoscalerBrought: 'AutoscalerBrought',
  NoAutoscaler: 'NoAutoscaler',
  NotInspected: 'NotInspected',
} as const;

/** Why a gap stands as it does. */
export type GapReason = (typeof GapReasons)[keyof typeof GapReasons];

/** English texts: what is the case, and what can be done. */
export const GAP_TEXTS: Readonly<
  Record<GapReason, { readonly text: string; readonly remedy?: string }>
> = {
  Managed: {
    text: 'Lattice installs, upgrades, rolls back and removes it.',
  },
  Covered: {
    text: 'A LatticeMeshMember covers all of its pods, so only agreed traffic flows.',
  },
  PartlyCovered: {
    text: 'Some of its pods are covered by no LatticeMeshMember.',
    remedy: 'Create a member for the others; the findings propose one.',
  },
  NoMember: {
    text: 'No LatticeMeshMember covers it, so nobody can agree to call it.',
    remedy: 'Create a LatticeMeshMember.',
  },
  SecretsByName: {
    text: 'Its secrets come from the store, and the chart is told their names only.',
  },
  SecretsInValues: {
    text: 'Its secrets come from the store, but values hold them, and Helm keeps values in its release Secret.',
    remedy: 'Use $secret where the chart takes the name of an existing Secret.',
  },
  NoSecrets: {
    text: 'It declares no secrets, so none come from the store.',
    remedy:
      'Declare them under spec.resources and refer to them in the values.',
  },
  ContentsScanned: {
    text: 'What the chart renders is scanned for policies and cluster-wide objects; nothing else in it is authorized.',
  },
  ImagesPinned: {
    text: 'All images are pinned by digest; nobody verifies who signed them.',
  },
  ImagesUnchecked: {
    text: 'Images are pulled as the chart names them and verified by nobody.',
    remedy: 'Pin them by digest in the values.',
  },
  MonitorsBrought: {
    text: 'The chart brings monitors of its own.',
  },
  NoMonitors: {
    text: 'Nothing scrapes it.',
    remedy: "Turn the chart's monitors on in the values, if it has any.",
  },
  NamespaceQuota: {
    text: 'A ResourceQuota limits its namespace as a whole.',
  },
  NoQuota: {
    text: 'Nothing limits what it uses.',
    remedy: 'Ask the platform team for a ResourceQuota in its namespace.',
  },
  AutoscalerBrought: {
    text: 'The chart brings an autoscaler of its own.',
  },
  NoAutoscaler: {
    text: 'Nothing scales it.',
    remedy: 'Set replicas in the values.',
  },
  NotInspected: {
    text: 'The chart has not been rendered, or the cluster not been asked.',
  },
};

/** One line of the report. */
export interface Gap {
  readonly guarantee: Guarantee;
  readonly state: GapState;
  readonly reason: GapReason;
}

/** What is known of a package. What is left out is unknown, never assumed. */
export interface GapFacts {
  readonly pkg: LatticePackage;
  /** How many of its workloads there are, and how many a member covers. */
  readonly workloads?: { readonly total: number; readonly covered: number };
  /** `apiVersion/kind` of what the chart renders. */
  readonly kinds?: readonly string[];
  readonly images?: readonly string[];
  /** Whether its namespace has a ResourceQuota. */
  readonly hasQuota?: boolean;
}

function gap(guarantee: Guarantee, state: GapState, reason: GapReason): Gap {
  return { guarantee, state, reason };
}

function networkPolicy({ workloads }: GapFacts): Gap {
  const at = Guarantees.NetworkPolicy;
  if (!workloads) {
    return gap(at, 'unknown', GapReasons.NotInspected);
  }
  if (workloads.covered === 0) {
    return gap(at, 'lacking', GapReasons.NoMember);
  }
  return workloads.covered < workloads.total
    ? gap(at, 'partial', GapReasons.PartlyCovered)
    : gap(at, 'closed', GapReasons.Covered);
}

function secretResolution({ pkg }: GapFacts): Gap {
  const at = Guarantees.SecretResolution;
  const { valueReferences, directives } = scanReferences(
    pkg.spec.values,
    pkg.spec.resources,
  );
  if (valueReferences.length > 0) {
    return gap(at, 'partial', GapReasons.SecretsInValues);
  }
  return directives.length > 0
    ? gap(at, 'closed', GapReasons.SecretsByName)
    : gap(at, 'lacking', GapReasons.NoSecrets);
}

function imageVerification({ images }: GapFacts): Gap {
  const arePinned =
    images !== undefined &&
    images.length > 0 &&
    images.every(image => image.includes('@sha256:'));
  return arePinned
    ? gap(Guarantees.ImageVerification, 'partial', GapReasons.ImagesPinned)
    : gap(Guarantees.ImageVerification, 'lacking', GapReasons.ImagesUnchecked);
}

function broughtByChart(
  { kinds }: GapFacts,
  guarantee: Guarantee,
  pattern: RegExp,
  reasons: { brought: GapReason; lacking: GapReason },
): Gap {
  if (!kinds) {
    return gap(guarantee, 'unknown', GapReasons.NotInspected);
  }
  return kinds.some(kind => pattern.test(kind))
    ? gap(guarantee, 'byChart', reasons.brought)
    : gap(guarantee, 'lacking', reasons.lacking);
}

function quota({ hasQuota }: GapFacts): Gap {
  if (hasQuota === undefined) {
    return gap(Guarantees.Quota, 'unknown', GapReasons.NotInspected);
  }
  return hasQuota
    ? gap(Guarantees.Quota, 'partial', GapReasons.NamespaceQuota)
    : gap(Guarantees.Quota, 'lacking', GapReasons.NoQuota);
}

const MONITORS =
  /^(monitoring\.coreos\.com|monitoring\.rhobs|opentelemetry\.io|operator\.victoriametrics\.com)\/.+\/(ServiceMonitor|PodMonitor|Probe|VMServiceScrape|VMPodScrape|Instrumentation)$/;
const AUTOSCALERS =
  /^(autoscaling\/.+\/HorizontalPodAutoscaler|keda\.sh\/.+\/ScaledObject)$/;

/** What a package has and lacks of what a derived service would have, each with its reason. */
export function gapReport(facts: GapFacts): Gap[] {
  return [
    gap(Guarantees.Lifecycle, 'closed', GapReasons.Managed),
    networkPolicy(facts),
    secretResolution(facts),
    gap(Guarantees.ContentAuthorization, 'partial', GapReasons.ContentsScanned),
    imageVerification(facts),
    broughtByChart(facts, Guarantees.Observability, MONITORS, {
      brought: GapReasons.MonitorsBrought,
      lacking: GapReasons.NoMonitors,
    }),
    quota(facts),
    broughtByChart(facts, Guarantees.Autoscaling, AUTOSCALERS, {
      brought: GapReasons.AutoscalerBrought,
      lacking: GapReasons.NoAutoscaler,
    }),
  ];
}
