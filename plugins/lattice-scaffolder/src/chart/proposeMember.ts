import {
  ChartInspection,
  InspectedWorkload,
  lastingWorkloads,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** The part of a rendered workload that a mesh member speaks for. */
export interface RenderedWorkload {
  readonly kind: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number; readonly name?: string }[];
  readonly serviceAccount: string;
}

/** What a member for a chart could say. */
export interface ProposedMember {
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number; readonly name: string }[];
  readonly serviceAccounts: readonly string[];
}

/** Labels that identify pods and stay the same over versions, the usual ones first. */
const STABLE_LABELS: readonly (readonly string[])[] = [
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app', 'release'],
  ['app.kubernetes.io/instance'],
  ['app'],
  ['k8s-app'],
];

/** The workloads of a rendered chart that a member can speak for. */
export function renderedWorkloads(
  inspection: ChartInspection,
): RenderedWorkload[] {
  return lastingWorkloads(inspection).map(readWorkload);
}

/** Proposes selector and ports from what the chart renders. Nothing is proposed that the chart does not say. */
export function proposeMember(
  workloads: readonly RenderedWorkload[],
): ProposedMember {
  const serving = workloads.filter(it => it.ports.length > 0);
  const spoken = serving.length > 0 ? serving : workloads;
  const ports = new Map(
    spoken
      .flatMap(it => it.ports)
      .map(({ port, name }) => [port, { port, name: name ?? `port-${port}` }]),
  );
  return {
    selector: commonSelector(spoken.map(it => it.labels)),
    ports: [...ports.values()].sort((a, b) => a.port - b.port),
    serviceAccounts: [...new Set(spoken.map(it => it.serviceAccount))].sort(),
  };
}

function readWorkload(workload: InspectedWorkload): RenderedWorkload {
  return {
    kind: workload.kind,
    name: workload.name,
    labels: workload.labels,
    ports: workload.ports.map(({ port, name }) => ({
      port,
      ...(name && { name }),
    })),
    serviceAccount: workload.serviceAccount,
  };
}

function commonSelector(
  labels: readonly Readonly<Record<string, string>>[],
): Record<string, string> {
  const [first, ...others] = labels;
  const isShared = (key: string) =>
    first?.[key] !== undefined &&
    others.every(other => other[key] === first[key]);
  const keys = STABLE_LABELS.find(group => group.every(isShared)) ?? [];
  return Object.fromEntries(keys.map(key => [key, first[key]]));
}
