import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { isRecord } from './isRecord';

/** A pod, or what a workload would make its pods of. */
export interface GivenPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** false: taken from the template of a workload, beside which others may exist that are not given. */
  readonly isRunning: boolean;
}

/** What a pod runs as when it names no account. */
const DEFAULT_ACCOUNT = 'default';

function textMap(value: unknown): Record<string, string> {
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        ),
      )
    : {};
}

/** The pod that an object is or stands for. A workload without a namespace, as in a template, stands for none. */
export function podOf(object: KubernetesObject): GivenPod | undefined {
  const { kind, metadata, spec } = object;
  const template = isRecord(spec) ? spec.template : undefined;
  const source = kind === 'Pod' ? object : template;
  if (!isRecord(source) || metadata.namespace === undefined) {
    return undefined;
  }
  const labels = isRecord(source.metadata) ? source.metadata.labels : undefined;
  const podSpec = isRecord(source.spec) ? source.spec : {};
  const account = podSpec.serviceAccountName;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: textMap(labels),
    serviceAccount:
      typeof account === 'string' && account !== '' ? account : DEFAULT_ACCOUNT,
    hostNetwork: podSpec.hostNetwork === true,
    isRunning: kind === 'Pod',
  };
}
