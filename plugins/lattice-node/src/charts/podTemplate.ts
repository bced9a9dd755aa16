import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** The value as an object, or an empty one: charts render all sorts of things. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The objects of a list, or none. */
export function asRecords(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

/** The value when it is a text that is not empty. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Labels, annotations or a selector, texts only. */
export function asStringMap(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asRecord(value))
      .filter(([, it]) => ['string', 'number', 'boolean'].includes(typeof it))
      .map(([key, it]) => [key, String(it)]),
  );
}

/** The pod template of a workload of the built-in kinds; `undefined` for everything else. */
export function podTemplateOf(
  object: KubernetesObject,
): Record<string, unknown> | undefined {
  const spec = asRecord(object.spec);
  switch (object.kind) {
    case 'Pod':
      return { metadata: object.metadata, spec };
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Job':
      return asRecord(spec.template);
    case 'CronJob':
      return asRecord(asRecord(asRecord(spec.jobTemplate).spec).template);
    default:
      return undefined;
  }
}
