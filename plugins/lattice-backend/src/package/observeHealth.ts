import {
  KubernetesObject,
  LatticePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterConnection, ResourceKind } from '../clusters/types';
import { isMeshEnrolled } from './meshEnrolment';
import { InventoryObject, readInventoryEntry } from './releaseInventory';
import { HealthReport, workloadHealth, worstHealth } from './workloadHealth';

/** Kinds whose health is looked at. */
export const WORKLOAD_KINDS: readonly ResourceKind[] = [
  KINDS.Deployment,
  KINDS.StatefulSet,
  KINDS.DaemonSet,
  KINDS.Job,
];

/** What a release's workloads tell. */
export interface HealthObservation {
  readonly health: HealthReport;
  readonly isEnrolled: boolean;
}

/**
 * Looks at the workloads of a release. The caches serve while all is well; after a change they may be older than our own
 * write, so that the server itself is asked.
 */
export async function observeHealth(
  connection: ClusterConnection,
  pkg: LatticePackage,
  options: { readonly isLive: boolean; readonly signal: AbortSignal },
): Promise<HealthObservation> {
  const reports: HealthReport[] = [];
  const podLabels: Record<string, string>[] = [];
  for (const entry of pkg.status.inventory) {
    const object = readInventoryEntry(entry);
    const kind = object && workloadKindOf(object);
    if (object && kind) {
      const found = await readWorkload(connection, kind, object, options);
      reports.push(found ? workloadHealth(found) : missing(object));
      podLabels.push(...(found ? [podLabelsOf(found)] : []));
    }
  }
  return {
    health: worstHealth(reports),
    isEnrolled: isMeshEnrolled(
      { namespace: pkg.spec.targetNamespace, name: pkg.metadata.name },
      connection.cache(KINDS.LatticeMeshMember).list(),
      podLabels,
    ),
  };
}

function workloadKindOf(object: InventoryObject): ResourceKind | undefined {
  return WORKLOAD_KINDS.find(
    it => it.apiVersion === object.apiVersion && it.kind === object.kind,
  );
}

async function readWorkload(
  connection: ClusterConnection,
  kind: ResourceKind,
  object: InventoryObject,
  { isLive, signal }: { isLive: boolean; signal: AbortSignal },
): Promise<KubernetesObject | undefined> {
  const key = { namespace: object.namespace ?? '', name: object.name };
  const cache = connection.cache(kind);
  return isLive || !cache.isComplete
    ? await connection.client.get(kind, key, { signal })
    : cache.get(key);
}

function missing(object: InventoryObject): HealthReport {
  return {
    status: 'degraded',
    message: `${object.kind} ${object.name} is missing`,
  };
}

function podLabelsOf(object: KubernetesObject): Record<string, string> {
  const spec = object.spec as
    | { template?: { metadata?: { labels?: Record<string, string> } } }
    | undefined;
  return spec?.template?.metadata?.labels ?? {};
}
