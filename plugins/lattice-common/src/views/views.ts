import { Condition, ObjectKey } from '../api/object';
import { PackageHistoryEntry, PackagePhase } from '../api/packageModel';
import { EdgeState, MemberPort, MemberTarget } from '../api/memberModel';

/** Names one object of the fleet. */
export interface FleetKey extends ObjectKey {
  readonly cluster: string;
}

/** How good one cluster's answer is. Every list carries one per cluster. */
export interface ClusterResult {
  readonly cluster: string;
  readonly mode: 'observe' | 'reconcile';
  /** false: data may be partial or old, never to be taken as complete. */
  readonly complete: boolean;
  /** Grows with every change of this cluster's caches; compared with the signal's. */
  readonly revision: number;
  /** RFC 3339, when the caches last heard from the cluster. */
  readonly lastSeenAt?: string;
  /** Why it is not complete, for people. */
  readonly error?: string;
}

/** How a cluster is set up, as far as it says so itself. */
export interface ClusterSetUp {
  /** For example `v1.34.1`. */
  readonly serverVersion?: string;
  /** Names of the definitions that tell what is installed. */
  readonly definitions: readonly string[];
  readonly engines: {
    readonly cilium: boolean;
    readonly istio: boolean;
    readonly externalSecrets: boolean;
  };
  /** Istio's trust domain and root namespace. */
  readonly trustDomain?: string;
  readonly rootNamespace?: string;
  /** Cilium's name of the cluster, and whether it enforces policies. */
  readonly clusterName?: string;
  readonly policyEnforcement?: string;
  readonly isPolicyAudited?: boolean;
  /** Where the configured profile says something else, for people. What is configured holds. */
  readonly differences: readonly string[];
}

/** Row of the list of clusters. */
export interface ClusterRow extends ClusterResult {
  readonly setUp?: ClusterSetUp;
}

/** Row of the package list. */
export interface PackageSummary extends FleetKey {
  readonly chart: string;
  readonly repository: string;
  /** Version wanted by the spec. */
  readonly version: string;
  /** Version that runs, when known. */
  readonly runningVersion?: string;
  readonly revision?: number;
  readonly phase: PackagePhase;
  /** First failing condition's message, or the Ready message. */
  readonly message?: string;
  readonly owner?: string;
  readonly suspended: boolean;
  readonly createdAt?: string;
}

/** A secret reference as shown: never a value. */
export interface SecretRow {
  readonly resource: string;
  readonly provider?: string;
  readonly remoteKey?: string;
  readonly keys?: readonly string[];
  readonly state: 'resolved' | 'waiting' | 'denied' | 'stale';
  readonly message?: string;
}

/** Whole picture of one package. */
export interface PackageDetail extends PackageSummary {
  readonly targetNamespace: string;
  readonly conditions: readonly Condition[];
  readonly stages: readonly PackageStage[];
  readonly secrets: readonly SecretRow[];
  readonly history: readonly PackageHistoryEntry[];
  readonly objects: readonly {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  }[];
  readonly members: readonly ObjectKey[];
  readonly source?: string;
}

/** Stages as the controller walks them. */
export interface PackageStage {
  readonly name:
    | 'Validated'
    | 'Authorized'
    | 'SecretsResolved'
    | 'DependenciesReady'
    | 'Released'
    | 'Healthy'
    | 'MeshEnrolled';
  readonly state: 'done' | 'active' | 'failed' | 'pending';
  readonly reason?: string;
  readonly message?: string;
  readonly since?: string;
}

/** Row of the member list. */
export interface MemberSummary extends FleetKey {
  readonly kind: 'LatticeMeshMember' | 'LatticeService';
  readonly phase: string;
  readonly message?: string;
  readonly ambient: boolean;
  readonly ports: readonly MemberPort[];
  readonly enforcedEdges: number;
  readonly openEdges: number;
  readonly owner?: string;
}

/** One agreement, seen from a member. The far side is named only as the near side wrote it. */
export interface EdgeView {
  readonly direction: 'inbound' | 'outbound';
  readonly caller: ObjectKey;
  readonly callee: ObjectKey;
  readonly state: EdgeState;
  readonly reason: string;
  readonly since?: string;
}

/** Whole picture of one member. */
export interface MemberDetail extends MemberSummary {
  readonly target: MemberTarget;
  readonly serviceAccount: string;
  readonly conditions: readonly Condition[];
  readonly edges: readonly EdgeView[];
  /** Generated policies as YAML documents. */
  readonly policies: readonly {
    readonly kind: string;
    readonly name: string;
    readonly yaml: string;
  }[];
  readonly source?: string;
}

/** A list with how complete it is. */
export interface ListAnswer<T> {
  readonly items: readonly T[];
  readonly clusters: readonly ClusterResult[];
  /** Why there is nothing to show, for people; only when no cluster is configured. */
  readonly note?: string;
}

/** A detail with how complete it is. */
export interface DetailAnswer<T> {
  readonly item: T;
  readonly cluster: ClusterResult;
}

/** Payload of the signal channel and events topic: never names. */
export interface ChangeSignal {
  readonly cluster: string;
  readonly revision: number;
}

/** Signal channel that announces changes. */
export const CHANGES_CHANNEL = 'lattice:changes';
/** Events topic that announces changes. */
export const CHANGES_TOPIC = 'lattice.changes';
