import {
  ClusterResult,
  EdgeState,
  EdgeView,
  MemberDetail,
  PackageDetail,
  PackageStage,
} from '@lattice-portal/backstage-plugin-lattice-common';

const STAGES: PackageStage['name'][] = [
  'Validated',
  'Authorized',
  'SecretsResolved',
  'DependenciesReady',
  'Released',
  'Healthy',
  'MeshEnrolled',
];

/** A cluster that answers fully. */
export function aCluster(part: Partial<ClusterResult> = {}): ClusterResult {
  return {
    cluster: 'lab',
    mode: 'reconcile',
    complete: true,
    revision: 1,
    lastSeenAt: new Date(Date.now() - 3000).toISOString(),
    ...part,
  };
}

/** Stages that are all done, except for those given. */
export function stages(
  part: Partial<Record<PackageStage['name'], Omit<PackageStage, 'name'>>> = {},
): PackageStage[] {
  return STAGES.map(name => ({ name, state: 'done', ...part[name] }));
}

/** The chapter's Redis, Ready. */
export function aPackage(part: Partial<PackageDetail> = {}): PackageDetail {
  return {
    cluster: 'lab',
    namespace: 'data',
    name: 'redis',
    chart: 'redis',
    repository: 'oci://registry.example.com/charts',
    version: '18.4.0',
    runningVersion: '18.4.0',
    revision: 1,
    phase: 'Ready',
    message: 'Release redis 18.4.0 is installed and healthy',
    owner: 'group:default/data',
    suspended: false,
    createdAt: new Date(Date.now() - 3_600_000).toISOString(),
    targetNamespace: 'data',
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Healthy',
        message: 'All objects are healthy',
        lastTransitionTime: new Date(Date.now() - 3_500_000).toISOString(),
      },
    ],
    stages: stages(),
    secrets: [
      {
        resource: 'credentials',
        provider: 'lab',
        remoteKey: 'data/credentials',
        keys: ['password'],
        state: 'resolved',
      },
    ],
    history: [
      {
        revision: 1,
        verb: 'install',
        chart: 'redis',
        version: '18.4.0',
        status: 'deployed',
        finishedAt: new Date(Date.now() - 3_500_000).toISOString(),
      },
    ],
    objects: [
      { kind: 'StatefulSet', namespace: 'data', name: 'redis-master' },
      { kind: 'Service', namespace: 'data', name: 'redis-master' },
    ],
    members: [{ namespace: 'data', name: 'redis' }],
    ...part,
  };
}

/** An agreement of data/redis: from a caller or to a dependency in commerce. */
export function anEdge(
  part: ({ from: string } | { to: string }) & {
    state?: EdgeState;
    reason?: string;
  },
): EdgeView {
  const self = { namespace: 'data', name: 'redis' };
  const { reason = 'Both sides declared it', state = 'enforced' } = part;
  const since = new Date(Date.now() - 600_000).toISOString();
  return 'from' in part
    ? {
        direction: 'inbound',
        caller: { namespace: 'commerce', name: part.from },
        callee: self,
        state,
        reason,
        since,
      }
    : {
        direction: 'outbound',
        caller: self,
        callee: { namespace: 'commerce', name: part.to },
        state,
        reason,
        since,
      };
}

/** Redis in the mesh with two enforced callers. */
export function aMember(part: Partial<MemberDetail> = {}): MemberDetail {
  return {
    cluster: 'lab',
    namespace: 'data',
    name: 'redis',
    kind: 'LatticeMeshMember',
    phase: 'Ready',
    ambient: true,
    ports: [
      {
        port: 6379,
        servicePort: 6379,
        name: 'redis',
        peerAuth: 'Strict',
        protocol: 'TCP',
      },
    ],
    enforcedEdges: 2,
    openEdges: 0,
    owner: 'group:default/data',
    target: { selector: { 'app.kubernetes.io/name': 'redis' } },
    serviceAccount: 'redis',
    conditions: [
      {
        type: 'PoliciesApplied',
        status: 'True',
        reason: 'Applied',
        message: 'Two policies are applied',
        lastTransitionTime: new Date(Date.now() - 600_000).toISOString(),
      },
    ],
    edges: [anEdge({ from: 'checkout' }), anEdge({ from: 'inventory' })],
    policies: [
      {
        kind: 'CiliumNetworkPolicy',
        name: 'lattice-redis',
        yaml: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: lattice-redis\n  namespace: data\n',
      },
    ],
    ...part,
  };
}
