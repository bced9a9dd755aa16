import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ResourceKind } from './types';

/** What is kept of the objects of one kind. */
export interface Projection {
  /** The server is asked for metadata alone, so that the rest never enters this process. */
  readonly isMetadataOnly: boolean;
  readonly project: (object: KubernetesObject) => KubernetesObject;
}

type JsonRecord = Record<string, unknown>;

const whole: Projection = { isMetadataOnly: false, project: object => object };

const projectionsByKind: Readonly<Record<string, Projection>> = {
  'v1/pods': { isMetadataOnly: false, project: projectPod },
  // Also projected here: a server that ignores the request for metadata must not fill the cache with secrets.
  'v1/secrets': { isMetadataOnly: true, project: metadataOnly },
  // Schemas are by far the largest part, and only names are read.
  'apiextensions.k8s.io/v1/customresourcedefinitions': {
    isMetadataOnly: false,
    project: projectDefinition,
  },
};

/** The projection of a kind: whole objects unless one is listed above. */
export function projectionOf(kind: ResourceKind): Projection {
  return projectionsByKind[`${kind.apiVersion}/${kind.plural}`] ?? whole;
}

/** Projects an object as received, without `managedFields`, frozen all through. */
export function keepObject(
  kind: ResourceKind,
  object: KubernetesObject,
): KubernetesObject {
  delete object.metadata.managedFields;
  return deepFreeze(projectionOf(kind).project(object));
}

function projectPod(pod: KubernetesObject): KubernetesObject {
  const spec = record(pod.spec);
  const containers = Array.isArray(spec.containers) ? spec.containers : [];
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: pod.metadata,
    spec: {
      containers: containers.map(container => ({
        name: record(container).name,
        ports: record(container).ports,
      })),
      serviceAccountName: spec.serviceAccountName,
      nodeName: spec.nodeName,
      hostNetwork: spec.hostNetwork,
    },
    status: { phase: record(pod.status).phase },
  };
}

function projectDefinition(definition: KubernetesObject): KubernetesObject {
  const spec = record(definition.spec);
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  return {
    apiVersion: definition.apiVersion,
    kind: definition.kind,
    metadata: {
      ...definition.metadata,
      annotations: undefined,
    },
    spec: {
      group: spec.group,
      names: spec.names,
      scope: spec.scope,
      versions: versions.map(version => ({
        name: record(version).name,
        served: record(version).served,
        storage: record(version).storage,
      })),
    },
    status: { conditions: record(definition.status).conditions },
  };
}

function metadataOnly(object: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata: withoutLastApplied(metadata) };
}

/** kubectl's annotation repeats the whole object, for a Secret with its values. */
function withoutLastApplied(
  metadata: KubernetesObject['metadata'],
): KubernetesObject['metadata'] {
  const name = 'kubectl.kubernetes.io/last-applied-configuration';
  if (metadata.annotations?.[name] === undefined) {
    return metadata;
  }
  const { [name]: _dropped, ...annotations } = metadata.annotations;
  return { ...metadata, annotations };
}

function record(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null
    ? (value as JsonRecord)
    : {};
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) {
      deepFreeze(child);
    }
  }
  return value;
}
