import { ObjectKey } from '../api/object';
import {
  InspectedPort,
  InspectedService,
  lastingWorkloads,
} from './chartInspection';
import {
  DriftSource,
  DriftWorld,
  Labels,
  PackageOrigin,
  RenderedRelease,
  RunningPod,
  RunningService,
  WorkloadRef,
} from './types';

/** Pods that look alike to the network: of a rendered workload, or running ones of one owner. */
export interface Endpoint {
  readonly source: DriftSource;
  readonly workload: WorkloadRef;
  readonly labels: Labels;
  /** What containers name and what Services lead to; each port once. */
  readonly ports: readonly InspectedPort[];
  readonly serviceAccount: string;
  /** Shares the network of its node, where no policy about pods applies. */
  readonly hostNetwork: boolean;
  readonly package?: PackageOrigin;
  readonly pods: readonly string[];
}

/** Identity of a port. */
export function portId({
  port,
  protocol,
}: Pick<InspectedPort, 'port' | 'protocol'>): string {
  return `${port}/${protocol}`;
}

/** A test of labels against a selector. An empty selector of a Service selects nothing. */
export function matcher(wanted: Labels): (labels: Labels) => boolean {
  const entries = Object.entries(wanted);
  return labels =>
    entries.length > 0 &&
    entries.every(([key, value]) => labels[key] === value);
}

function targetsOf(
  service: InspectedService,
  ports: readonly InspectedPort[],
): InspectedPort[] {
  return service.ports.flatMap(({ name, port, protocol, targetPort }) => {
    if (typeof targetPort === 'string') {
      return ports.filter(one => one.name === targetPort);
    }
    return [{ ...(name ? { name } : {}), port: targetPort ?? port, protocol }];
  });
}

/** Ports of containers first, so that their names win. */
function openPorts(
  ports: readonly InspectedPort[],
  labels: Labels,
  services: readonly InspectedService[],
): InspectedPort[] {
  const targets = services
    .filter(({ selector }) => matcher(selector)(labels))
    .flatMap(service => targetsOf(service, ports));
  const byId = new Map<string, InspectedPort>();
  for (const one of [...ports, ...targets]) {
    if (!byId.has(portId(one))) {
      byId.set(portId(one), one);
    }
  }
  return [...byId.values()];
}

function renderedEndpoints(release: RenderedRelease): Endpoint[] {
  return lastingWorkloads(release.inspection).map(workload => ({
    source: 'chart',
    workload: {
      kind: workload.kind,
      namespace: workload.namespace ?? release.namespace,
      name: workload.name,
    },
    labels: workload.labels,
    ports: openPorts(
      workload.ports,
      workload.labels,
      release.inspection.services,
    ),
    serviceAccount: workload.serviceAccount,
    hostNetwork: workload.hostNetwork,
    package: release.package,
    pods: [],
  }));
}

function podEndpoint(
  pod: RunningPod,
  services: readonly RunningService[],
): Endpoint {
  const { namespace } = pod;
  const owner = pod.owner ?? { kind: 'Pod', name: pod.name };
  return {
    source: 'pod',
    workload: { kind: owner.kind, namespace, name: owner.name },
    labels: pod.labels,
    ports: openPorts(pod.ports, pod.labels, services),
    serviceAccount: pod.serviceAccount,
    hostNetwork: pod.hostNetwork ?? false,
    ...(pod.package ? { package: pod.package } : {}),
    pods: [pod.name],
  };
}

/** Everything about an endpoint but the names of its pods. */
function likeness({ pods: _, ...endpoint }: Endpoint): string {
  return JSON.stringify(endpoint);
}

function merged(endpoints: readonly Endpoint[]): Endpoint[] {
  const byLikeness = new Map<string, Endpoint>();
  for (const one of endpoints) {
    const at = likeness(one);
    const known = byLikeness.get(at);
    byLikeness.set(
      at,
      known ? { ...known, pods: [...known.pods, ...one.pods] } : one,
    );
  }
  return [...byLikeness.values()];
}

/** Groups things by their namespace. */
export function byNamespace<T>(
  items: readonly T[],
  namespaceOf: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const namespace = namespaceOf(item);
    const group = groups.get(namespace);
    if (group) {
      group.push(item);
    } else {
      groups.set(namespace, [item]);
    }
  }
  return groups;
}

/** What would listen and what listens, without the namespaces that nobody looks into. */
export function readEndpoints(world: DriftWorld): Endpoint[] {
  const hidden = new Set(world.protectedNamespaces ?? []);
  const services = byNamespace(world.services ?? [], it => it.namespace);
  const running = (world.pods ?? [])
    .filter(({ namespace }: ObjectKey) => !hidden.has(namespace))
    .map(pod => podEndpoint(pod, services.get(pod.namespace) ?? []));
  const rendered = (world.releases ?? [])
    .flatMap(renderedEndpoints)
    .filter(({ workload }) => !hidden.has(workload.namespace));
  return merged([...rendered, ...running]);
}
