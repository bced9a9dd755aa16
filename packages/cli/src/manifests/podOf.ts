import {
  ExplainPod,
  KubernetesObject,
  readExplainPod,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isRecord } from './isRecord';

/** A pod, or what a workload would make its pods of. */
export interface GivenPod extends ExplainPod {
  /** false: taken from the template of a workload, beside which others may exist that are not given. */
  readonly isRunning: boolean;
}

/** Labels of namespaces by their names. */
export type NamespaceLabels = ReadonlyMap<
  string,
  Readonly<Record<string, string>>
>;

/** What is taken of a namespace that is not given. */
const IN_THE_MESH = { 'istio.io/dataplane-mode': 'ambient' };

/** The namespaces among these objects. */
export function namespacesIn(
  context: readonly KubernetesObject[],
): NamespaceLabels {
  return new Map(
    context
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
}

/** The pod of a workload's template, with the name of the workload. */
function templateOf({
  metadata: { name, namespace },
  spec,
}: KubernetesObject): KubernetesObject | undefined {
  const template = isRecord(spec) ? spec.template : undefined;
  if (!isRecord(template)) {
    return undefined;
  }
  const metadata = isRecord(template.metadata) ? template.metadata : {};
  return {
    ...template,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
  };
}

/** The pod that an object is or stands for. One without a namespace, as in a template, stands for none. */
export function podOf(
  object: KubernetesObject,
  namespaces: NamespaceLabels,
): GivenPod | undefined {
  const isRunning = object.kind === 'Pod';
  const pod = isRunning ? object : templateOf(object);
  const namespace = pod?.metadata.namespace;
  return pod && namespace !== undefined
    ? {
        ...readExplainPod(pod, namespaces.get(namespace) ?? IN_THE_MESH),
        isRunning,
      }
    : undefined;
}
