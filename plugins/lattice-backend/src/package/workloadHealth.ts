import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';

/** Health of one workload, or of a whole release. */
export interface HealthReport {
  readonly status: 'healthy' | 'progressing' | 'degraded';
  readonly message: string;
}

interface Counts {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly conditions?: readonly {
    readonly type?: string;
    readonly status?: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

const HEALTHY: HealthReport = { status: 'healthy', message: '' };

/** Health of a workload by the rules that kubectl's rollout status follows. Pure; other kinds count as healthy. */
export function workloadHealth(object: KubernetesObject): HealthReport {
  const status = (object.status ?? {}) as Counts;
  const spec = (object.spec ?? {}) as {
    replicas?: number;
    paused?: boolean;
    updateStrategy?: { type?: string };
  };
  const label = `${object.kind} ${object.metadata.name}`;
  if (object.kind === 'Job') {
    return jobHealth(label, status);
  }
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)) {
    return HEALTHY;
  }
  if ((status.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) {
    return progressing(`${label} has not been looked at yet`);
  }
  if (object.kind === 'Deployment') {
    return deploymentHealth(label, spec.replicas ?? 1, status);
  }
  if (object.kind === 'StatefulSet') {
    const isRolling = spec.updateStrategy?.type !== 'OnDelete';
    return statefulSetHealth(label, spec.replicas ?? 1, status, isRolling);
  }
  return daemonSetHealth(label, status);
}

function deploymentHealth(
  label: string,
  wanted: number,
  status: Counts,
): HealthReport {
  const stuck = status.conditions?.find(
    it => it.type === 'Progressing' && it.reason === 'ProgressDeadlineExceeded',
  );
  if (stuck) {
    return {
      status: 'degraded',
      message: `${label} does not come up: ${stuck.message ?? stuck.reason}`,
    };
  }
  const updated = status.updatedReplicas ?? 0;
  const isRolledOut = updated >= wanted && (status.replicas ?? 0) <= updated;
  return count(label, isRolledOut ? status.availableReplicas : updated, {
    wanted,
    isDone: isRolledOut && (status.availableReplicas ?? 0) >= wanted,
  });
}

function statefulSetHealth(
  label: string,
  wanted: number,
  status: Counts,
  isRolling: boolean,
): HealthReport {
  const isRolledOut =
    !isRolling ||
    wanted === 0 ||
    status.updateRevision === undefined ||
    status.currentRevision === status.updateRevision ||
    (status.updatedReplicas ?? 0) >= wanted;
  return count(label, status.readyReplicas, {
    wanted,
    isDone: isRolledOut && (status.readyReplicas ?? 0) >= wanted,
  });
}

function daemonSetHealth(label: string, status: Counts): HealthReport {
  const wanted = status.desiredNumberScheduled ?? 0;
  return count(label, status.numberAvailable, {
    wanted,
    isDone:
      (status.updatedNumberScheduled ?? 0) >= wanted &&
      (status.numberAvailable ?? 0) >= wanted,
  });
}

function jobHealth(label: string, status: Counts): HealthReport {
  const isTrue = (type: string) =>
    status.conditions?.find(it => it.type === type && it.status === 'True');
  const failed = isTrue('Failed');
  if (failed) {
    return {
      status: 'degraded',
      message: `${label} failed: ${failed.message ?? failed.reason}`,
    };
  }
  return isTrue('Complete') || isTrue('SuccessCriteriaMet')
    ? HEALTHY
    : progressing(`${label} has not finished`);
}

function count(
  label: string,
  ready: number | undefined,
  { wanted, isDone }: { wanted: number; isDone: boolean },
): HealthReport {
  return isDone
    ? HEALTHY
    : progressing(`${label}: ${ready ?? 0} of ${wanted} ready`);
}

function progressing(message: string): HealthReport {
  return { status: 'progressing', message };
}

/** The worst of several reports, with at most three messages. */
export function worstHealth(reports: readonly HealthReport[]): HealthReport {
  for (const status of ['degraded', 'progressing'] as const) {
    const found = reports.filter(it => it.status === status);
    if (found.length > 0) {
      const shown = found.slice(0, 3).map(it => it.message);
      const more = found.length - shown.length;
      return {
        status,
        message: shown.join('; ') + (more > 0 ? `; and ${more} more` : ''),
      };
    }
  }
  return { status: 'healthy', message: 'All workloads are ready.' };
}
