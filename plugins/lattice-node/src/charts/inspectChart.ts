import {
  ChartInspection,
  InspectedObject,
  InspectedPort,
  InspectedService,
  InspectedWorkload,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { parseManifest } from './parseManifest';
import { isClusterScoped, isPolicyObject } from './objectKinds';
import {
  asRecord,
  asRecords,
  asString,
  asStringMap,
  podTemplateOf,
} from './podTemplate';

export type {
  ChartInspection,
  InspectedObject,
  InspectedPort,
  InspectedService,
  InspectedWorkload,
};

const HOOK_ANNOTATION = 'helm.sh/hook';

const MESH_EXITS: readonly (readonly [key: string, value: string])[] = [
  ['istio.io/dataplane-mode', 'none'],
  ['sidecar.istio.io/inject', 'false'],
  ['ambient.istio.io/redirection', 'disabled'],
];

/**
 * Reads a rendered chart (the multi-document YAML of `helm template`): what it runs, opens and asks for.
 * Pure; throws `ManifestError` when the text is no YAML.
 */
export function inspectChart(manifest: string): ChartInspection {
  return inspectObjects(parseManifest(manifest));
}

/** The same for objects that are parsed already. */
export function inspectObjects(
  objects: readonly KubernetesObject[],
): ChartInspection {
  const workloads = objects.flatMap(inspectWorkload);
  const hooks = objects.filter(isHook);
  return {
    workloads,
    services: objects.filter(isService).map(inspectService),
    kinds: distinct(objects.map(it => `${it.apiVersion}/${it.kind}`)),
    clusterScoped: objects.filter(isClusterScoped).map(describeObject),
    policyObjects: objects.filter(isPolicyObject).map(describeObject),
    images: distinct(objects.flatMap(imagesOf)),
    objects: objects.filter(it => !isHook(it)).map(describeObject),
    hooks: hooks.map(hook => ({
      ...describeObject(hook),
      events: hookEvents(hook),
    })),
  };
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function describeObject(object: KubernetesObject): InspectedObject {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    ...(object.metadata.namespace
      ? { namespace: object.metadata.namespace }
      : {}),
  };
}

function hookEvents(object: KubernetesObject): string[] {
  const events = object.metadata.annotations?.[HOOK_ANNOTATION] ?? '';
  return String(events)
    .split(',')
    .map(it => it.trim())
    .filter(Boolean);
}

function isHook(object: KubernetesObject): boolean {
  return hookEvents(object).length > 0;
}

function isService(object: KubernetesObject): boolean {
  return object.apiVersion === 'v1' && object.kind === 'Service';
}

function inspectWorkload(object: KubernetesObject): InspectedWorkload[] {
  const template = podTemplateOf(object);
  if (!template) {
    return [];
  }
  const spec = asRecord(template.spec);
  const metadata = asRecord(template.metadata);
  const labels = asStringMap(metadata.labels);
  const marks = { ...asStringMap(metadata.annotations), ...labels };
  return [
    {
      kind: object.kind,
      name: object.metadata.name,
      ...(object.metadata.namespace
        ? { namespace: object.metadata.namespace }
        : {}),
      labels,
      ports: containersOf(spec).flatMap(containerPorts),
      serviceAccount:
        asString(spec.serviceAccountName) ??
        asString(spec.serviceAccount) ??
        'default',
      hostNetwork: spec.hostNetwork === true,
      leavesMesh: MESH_EXITS.filter(([key, value]) => marks[key] === value).map(
        ([key, value]) => `${key}=${value}`,
      ),
    },
  ];
}

function containersOf(
  podSpec: Record<string, unknown>,
): Record<string, unknown>[] {
  // Init containers with restartPolicy Always are sidecars and listen as long as the pod lives.
  const sidecars = asRecords(podSpec.initContainers).filter(
    it => it.restartPolicy === 'Always',
  );
  return [...sidecars, ...asRecords(podSpec.containers)];
}

function containerPorts(container: Record<string, unknown>): InspectedPort[] {
  return asRecords(container.ports).flatMap(port =>
    readPort(port, port.containerPort),
  );
}

function readPort(
  port: Record<string, unknown>,
  number: unknown,
): InspectedPort[] {
  if (typeof number !== 'number') {
    return [];
  }
  const name = asString(port.name);
  return [
    {
      ...(name ? { name } : {}),
      port: number,
      protocol: asString(port.protocol) ?? 'TCP',
    },
  ];
}

function inspectService(object: KubernetesObject): InspectedService {
  const spec = asRecord(object.spec);
  return {
    name: object.metadata.name,
    selector: asStringMap(spec.selector),
    ports: asRecords(spec.ports).flatMap(port =>
      readPort(port, port.port).map(it => {
        const target = port.targetPort;
        return typeof target === 'string' || typeof target === 'number'
          ? { ...it, targetPort: target }
          : it;
      }),
    ),
  };
}

function imagesOf(object: KubernetesObject): string[] {
  const template = podTemplateOf(object);
  if (!template) {
    return [];
  }
  const spec = asRecord(template.spec);
  return [...asRecords(spec.initContainers), ...asRecords(spec.containers)]
    .map(it => asString(it.image))
    .filter((it): it is string => it !== undefined);
}
