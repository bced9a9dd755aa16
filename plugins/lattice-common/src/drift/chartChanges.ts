import {
  InspectedPort,
  InspectedWorkload,
  lastingWorkloads,
} from './chartInspection';
import { isPassingLabel } from './chooseSelector';
import { portId } from './endpoints';
import { Labels, RenderedRelease, WorkloadRef } from './types';

/** What one version of a chart does differently from another. */
export const ChartChangeKinds = {
  WorkloadAdded: 'WorkloadAdded',
  WorkloadRemoved: 'WorkloadRemoved',
  PortAdded: 'PortAdded',
  PortRemoved: 'PortRemoved',
  PortRenamed: 'PortRenamed',
  LabelsChanged: 'LabelsChanged',
  AccountChanged: 'AccountChanged',
  HostNetworkChanged: 'HostNetworkChanged',
  ServiceSelectorChanged: 'ServiceSelectorChanged',
} as const;

/** Kind of a change between two versions. */
export type ChartChangeKind =
  (typeof ChartChangeKinds)[keyof typeof ChartChangeKinds];

/** One change between two versions of a chart. */
export interface ChartChange {
  readonly kind: ChartChangeKind;
  /** The workload, or the Service, that changes. */
  readonly workload: WorkloadRef;
  readonly port?: InspectedPort;
  /** As text: an account, a port's name, labels that differ. */
  readonly before?: string;
  readonly after?: string;
}

function labelsText(labels: Labels, keys: readonly string[]): string {
  return keys
    .filter(key => labels[key] !== undefined)
    .map(key => `${key}=${labels[key]}`)
    .join(',');
}

function labelChange(
  workload: WorkloadRef,
  before: Labels,
  after: Labels,
  kind: ChartChangeKind,
): ChartChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(key => !isPassingLabel(key) && before[key] !== after[key])
    .sort();
  return keys.length === 0
    ? []
    : [
        {
          kind,
          workload,
          before: labelsText(before, keys),
          after: labelsText(after, keys),
        },
      ];
}

function portChanges(
  workload: WorkloadRef,
  before: readonly InspectedPort[],
  after: readonly InspectedPort[],
): ChartChange[] {
  const former = new Map(before.map(port => [portId(port), port]));
  const coming = new Map(after.map(port => [portId(port), port]));
  const added = [...coming].flatMap(([id, port]): ChartChange[] =>
    former.has(id)
      ? []
      : [{ kind: ChartChangeKinds.PortAdded, workload, port }],
  );
  const others = [...former].flatMap(([id, port]): ChartChange[] => {
    const now = coming.get(id);
    if (!now) {
      return [{ kind: ChartChangeKinds.PortRemoved, workload, port }];
    }
    return now.name === port.name
      ? []
      : [
          {
            kind: ChartChangeKinds.PortRenamed,
            workload,
            port: now,
            before: port.name ?? '',
            after: now.name ?? '',
          },
        ];
  });
  return [...added, ...others];
}

function workloadChanges(
  workload: WorkloadRef,
  before: InspectedWorkload,
  after: InspectedWorkload,
): ChartChange[] {
  const textChange = (kind: ChartChangeKind, was: string, is: string) =>
    was === is ? [] : [{ kind, workload, before: was, after: is }];
  return [
    ...portChanges(workload, before.ports, after.ports),
    ...labelChange(
      workload,
      before.labels,
      after.labels,
      ChartChangeKinds.LabelsChanged,
    ),
    ...textChange(
      ChartChangeKinds.AccountChanged,
      before.serviceAccount,
      after.serviceAccount,
    ),
    ...textChange(
      ChartChangeKinds.HostNetworkChanged,
      String(before.hostNetwork),
      String(after.hostNetwork),
    ),
  ];
}

function byRef(release: RenderedRelease) {
  return new Map(
    lastingWorkloads(release.inspection).map(workload => {
      const namespace = workload.namespace ?? release.namespace;
      const { kind, name } = workload;
      return [
        `${kind}/${namespace}/${name}`,
        { ref: { kind, namespace, name }, workload },
      ] as const;
    }),
  );
}

function serviceChanges(
  before: RenderedRelease,
  after: RenderedRelease,
): ChartChange[] {
  const coming = new Map(
    after.inspection.services.map(service => [service.name, service]),
  );
  return before.inspection.services.flatMap(service => {
    const now = coming.get(service.name);
    const { namespace } = after;
    return now
      ? labelChange(
          { kind: 'Service', namespace, name: service.name },
          service.selector,
          now.selector,
          ChartChangeKinds.ServiceSelectorChanged,
        )
      : [];
  });
}

/** The facts: ports, labels, selectors and accounts that differ, whether or not anybody minds. */
export function chartChanges(
  before: RenderedRelease,
  after: RenderedRelease,
): ChartChange[] {
  const former = byRef(before);
  const coming = byRef(after);
  const added = [...coming].flatMap(([id, { ref }]): ChartChange[] =>
    former.has(id)
      ? []
      : [{ kind: ChartChangeKinds.WorkloadAdded, workload: ref }],
  );
  const others = [...former].flatMap(([id, { ref, workload }]) => {
    const now = coming.get(id);
    return now
      ? workloadChanges(ref, workload, now.workload)
      : [{ kind: ChartChangeKinds.WorkloadRemoved, workload: ref }];
  });
  return [...added, ...others, ...serviceChanges(before, after)];
}
