import { parse } from 'yaml';
import { isClusterError } from './ClusterError';
import { ClusterTransport } from './HttpTransport';
import { requestJson } from './requestJson';
import { resourcePath } from './resourcePath';
import { ResourceKind } from './types';

const CONFIG_MAP: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const CILIUM = { namespace: 'kube-system', name: 'cilium-config' };
const ISTIO = 'istio';
const TIMEOUT_MS = 10_000;

/** What a cluster itself says of how it is set up. What is absent could not be found. */
export interface ReadProfile {
  /** For example `v1.34.1`. */
  readonly serverVersion?: string;
  /** Istio's, from its mesh configuration. */
  readonly trustDomain?: string;
  readonly rootNamespace?: string;
  /** Cilium's name of the cluster. */
  readonly clusterName?: string;
  /** Cilium's `enable-policy`. */
  readonly policyEnforcement?: string;
  /** Cilium lets everything pass and only reports. */
  readonly isPolicyAudited?: boolean;
}

/** Where to look, and with what. */
export interface ProfileSource {
  readonly cluster: string;
  readonly transport: ClusterTransport;
  /** Where Istio's mesh configuration is looked for. */
  readonly rootNamespace: string;
  readonly signal: AbortSignal;
}

/**
 * Reads the version and the configuration of the engines: single reads, no watches. What is not there, or not to be
 * read with this credential, is absent.
 *
 * @throws ClusterError when the cluster is away.
 */
export async function readProfile(source: ProfileSource): Promise<ReadProfile> {
  const { rootNamespace } = source;
  const [version, istio, cilium] = await Promise.all([
    read(source, 'version', '/version'),
    readConfigMap(source, { namespace: rootNamespace, name: ISTIO }),
    readConfigMap(source, CILIUM),
  ]);
  const serverVersion = textOf(version?.gitVersion);
  return {
    ...(serverVersion && { serverVersion }),
    ...meshSettings(istio, rootNamespace),
    ...ciliumSettings(cilium),
  };
}

async function readConfigMap(
  source: ProfileSource,
  key: { namespace: string; name: string },
): Promise<Record<string, unknown> | undefined> {
  const path = resourcePath(CONFIG_MAP, key);
  return recordOf((await read(source, CONFIG_MAP.kind, path))?.data);
}

async function read(
  { cluster, transport, signal }: ProfileSource,
  kind: string,
  path: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await requestJson(transport, {
      subject: { cluster, verb: 'get', kind },
      method: 'GET',
      path,
      signal,
      timeoutMs: TIMEOUT_MS,
    });
    return recordOf(answer);
  } catch (error) {
    if (
      isClusterError(error, 'NotFound') ||
      isClusterError(error, 'Forbidden')
    ) {
      return undefined;
    }
    throw error;
  }
}

function meshSettings(
  data: Record<string, unknown> | undefined,
  foundIn: string,
): Pick<ReadProfile, 'trustDomain' | 'rootNamespace'> {
  const mesh = data && parseMesh(textOf(data.mesh));
  return mesh
    ? {
        // Both defaults are Istio's own.
        trustDomain: textOf(mesh.trustDomain) ?? 'cluster.local',
        rootNamespace: textOf(mesh.rootNamespace) ?? foundIn,
      }
    : {};
}

function parseMesh(
  text: string | undefined,
): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : recordOf(parse(text));
  } catch {
    // Whoever wrote it hears so from Istio; here it only says nothing.
    return undefined;
  }
}

function ciliumSettings(
  data: Record<string, unknown> | undefined,
): Pick<ReadProfile, 'clusterName' | 'policyEnforcement' | 'isPolicyAudited'> {
  if (!data) {
    return {};
  }
  return {
    clusterName: textOf(data['cluster-name']) ?? 'default',
    policyEnforcement: textOf(data['enable-policy']) ?? 'default',
    isPolicyAudited: textOf(data['policy-audit-mode']) === 'true',
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
