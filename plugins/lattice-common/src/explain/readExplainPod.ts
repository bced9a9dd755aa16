import { KubernetesObject } from '../api/object';
import { record, records } from './engines/readSpec';
import { ExplainPod, NamedPort } from './engines';

const DATAPLANE_MODE = 'istio.io/dataplane-mode';
const DEFAULT_ACCOUNT = 'default';
const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** Reads a Pod. It is in the mesh when it, or else its namespace, says so. */
export function readExplainPod(
  pod: KubernetesObject,
  namespaceLabels: Readonly<Record<string, string>> = {},
): ExplainPod {
  const { name, namespace = 'default', labels = {} } = pod.metadata;
  const spec = record(pod.spec);
  const account = spec.serviceAccountName;
  const mode = labels[DATAPLANE_MODE] ?? namespaceLabels[DATAPLANE_MODE];
  return {
    namespace,
    name,
    labels,
    serviceAccount:
      typeof account === 'string' && account ? account : DEFAULT_ACCOUNT,
    ambient: mode === 'ambient' && spec.hostNetwork !== true,
    hostNetwork: spec.hostNetwork === true,
    namedPorts: [...records(spec.containers), ...records(spec.initContainers)]
      .flatMap(({ ports }) => records(ports))
      .flatMap(readNamedPort),
  };
}

function readNamedPort(port: Record<string, unknown>): NamedPort[] {
  const { name, containerPort, protocol = 'TCP' } = port;
  return typeof name === 'string' &&
    typeof containerPort === 'number' &&
    PROTOCOLS.includes(String(protocol))
    ? [
        {
          name,
          port: containerPort,
          protocol: protocol as NamedPort['protocol'],
        },
      ]
    : [];
}
