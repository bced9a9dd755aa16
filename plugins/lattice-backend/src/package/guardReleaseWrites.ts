import {
  KubernetesObject,
  LatticePackage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { inspectObjects } from '@lattice-portal/backstage-plugin-lattice-node';
import { AccessWrite, WriteGuard } from '../access/AccessWrite';
import { CedarPolicies } from '../cedar';
import { scanGate } from './scanGate';

/** Kinds whose pods the scan looks into, by their plural: a patch need not say its kind. */
const WORKLOADS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  replicasets: 'ReplicaSet',
  replicationcontrollers: 'ReplicationController',
  jobs: 'Job',
  cronjobs: 'CronJob',
};

const KINDS_BY_PLURAL: Readonly<Record<string, string>> = {
  ...WORKLOADS,
  networkpolicies: 'NetworkPolicy',
  adminnetworkpolicies: 'AdminNetworkPolicy',
  baselineadminnetworkpolicies: 'BaselineAdminNetworkPolicy',
  namespaces: 'Namespace',
};

/**
 * Holds every write of a helm run to the rules of the scan. The scan reads what the chart renders offline; with `lookup`,
 * capabilities or chance a chart may render something else for the cluster, and only here is it seen. Removing is left to
 * the account's rights, so that a package can always go.
 */
export function guardReleaseWrites(
  pkg: LatticePackage,
  cedar: CedarPolicies,
): WriteGuard {
  return write => {
    if (write.method === 'DELETE') {
      return undefined;
    }
    if (write.isOpaque && write.plural in WORKLOADS) {
      return `Lattice does not let ${write.plural} pass that it cannot read.`;
    }
    const object = objectOf(write);
    const inspection = inspectObjects([object]);
    const gate = scanGate(
      {
        pkg: pkg.metadata,
        targetNamespace: pkg.spec.targetNamespace,
        inspection: {
          ...inspection,
          clusterScoped:
            write.namespace === undefined
              ? [{ ...object, name: object.metadata.name }]
              : [],
        },
        bringsCrds: false,
      },
      cedar,
    );
    return gate.isOpen ? undefined : gate.message;
  };
}

/** The object that a write is about, as its path tells; a body may leave out what it is, or tell otherwise. */
function objectOf(write: AccessWrite): KubernetesObject {
  const { body = {}, group, version, plural, namespace } = write;
  const kind = KINDS_BY_PLURAL[plural] ?? body.kind;
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  return {
    ...body,
    apiVersion: group ? `${group}/${version}` : version,
    kind: typeof kind === 'string' ? kind : plural,
    metadata: {
      ...metadata,
      name: write.name ?? String(metadata.name ?? metadata.generateName ?? ''),
      namespace,
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
