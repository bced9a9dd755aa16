/** A named port as containers or Services declare it. */
export interface InspectedPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
}

/** Something in a rendered chart that makes pods. */
export interface InspectedWorkload {
  readonly kind: string;
  readonly name: string;
  /** Set when the chart hard-codes a namespace. */
  readonly namespace?: string;
  /** Labels of the pods, not of the workload itself. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly InspectedPort[];
  /** `default` when the chart names none. */
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** The labels or annotations that would take the pods out of the mesh. */
  readonly leavesMesh: readonly string[];
}

/** A Service of a rendered chart. */
export interface InspectedService {
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly (InspectedPort & {
    readonly targetPort?: string | number;
  })[];
}

/** Names one rendered object. */
export interface InspectedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** What a rendered chart would bring. Holds no values, so it never holds a secret. */
export interface ChartInspection {
  readonly workloads: readonly InspectedWorkload[];
  readonly services: readonly InspectedService[];
  /** Distinct `apiVersion/kind`, sorted. */
  readonly kinds: readonly string[];
  readonly clusterScoped: readonly InspectedObject[];
  /** Objects that shape traffic, secrets or Lattice itself, which a chart may not bring unasked. */
  readonly policyObjects: readonly InspectedObject[];
  /** Distinct, sorted. */
  readonly images: readonly string[];
  /** Every object that is not a hook. */
  readonly objects: readonly InspectedObject[];
  /** Objects that helm runs around an operation and does not track. */
  readonly hooks: readonly (InspectedObject & {
    readonly events: readonly string[];
  })[];
}

const ENDING_KINDS = ['Job', 'CronJob'];

/** Workloads that stay: no hooks, nothing that runs and ends. */
export function lastingWorkloads({
  workloads,
  hooks,
}: Pick<ChartInspection, 'workloads' | 'hooks'>): InspectedWorkload[] {
  const hooked = new Set(hooks.map(it => `${it.kind}/${it.name}`));
  return workloads.filter(
    ({ kind, name }) =>
      !ENDING_KINDS.includes(kind) && !hooked.has(`${kind}/${name}`),
  );
}
