import { LatticeMember } from '../api/memberModel';
import { JsonObject, ObjectKey } from '../api/object';
import {
  ChartInspection,
  InspectedPort,
  InspectedService,
} from './chartInspection';

/** Labels as pods bear them. */
export type Labels = Readonly<Record<string, string>>;

/** Which package something belongs to, and which chart that is. */
export interface PackageOrigin extends ObjectKey {
  readonly chart: { readonly name: string; readonly version: string };
}

/** Names something that makes pods. */
export interface WorkloadRef extends ObjectKey {
  readonly kind: string;
}

/** A running pod, as far as drift is concerned. */
export interface RunningPod extends ObjectKey {
  readonly labels: Labels;
  /** Ports that its containers name, or that something found open. */
  readonly ports: readonly InspectedPort[];
  readonly serviceAccount: string;
  readonly hostNetwork?: boolean;
  /** The workload that it belongs to: the Deployment, not the ReplicaSet. The pod itself when there is none. */
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly package?: PackageOrigin;
}

/** A Service of a cluster. */
export interface RunningService extends InspectedService {
  readonly namespace: string;
}

/** A rendered chart and where it goes. */
export interface RenderedRelease {
  readonly package: PackageOrigin;
  /** Namespace of the release. */
  readonly namespace: string;
  readonly inspection: Pick<
    ChartInspection,
    'workloads' | 'services' | 'hooks'
  >;
}

/** Everything that is compared. What is left out is not looked at. */
export interface DriftWorld {
  /** Members and services alike. Of two with one key the member counts, as in the agreements. */
  readonly members: readonly LatticeMember[];
  readonly pods?: readonly RunningPod[];
  readonly services?: readonly RunningService[];
  readonly releases?: readonly RenderedRelease[];
  /** Nothing in these namespaces is looked at. */
  readonly protectedNamespaces?: readonly string[];
}

/** What can be wrong between declarations and what runs. */
export const DriftKinds = {
  /** A covered pod opens a port that no member declares. */
  UndeclaredPort: 'UndeclaredPort',
  /** A pod of a package that no member selects. */
  UncoveredWorkload: 'UncoveredWorkload',
  /** A declared port that no selected pod opens. */
  UnopenedPort: 'UnopenedPort',
  /** A selector that no pod matches. */
  NothingSelected: 'NothingSelected',
  /** Two members that select one pod. */
  OverlappingMembers: 'OverlappingMembers',
  /** A pod that runs under another account than its member says. */
  AccountMismatch: 'AccountMismatch',
} as const;

/** Kind of a drift finding. */
export type DriftKind = (typeof DriftKinds)[keyof typeof DriftKinds];

/** How much a finding matters: `error` = traffic or identity is not as declared. */
export type DriftSeverity = 'error' | 'warning' | 'info';

/** Where something was seen. */
export type DriftSource = 'chart' | 'pod';

/** Names the object that a patch changes. */
export interface PatchedObject extends ObjectKey {
  readonly kind: 'LatticeMeshMember' | 'LatticeService' | 'LatticePackage';
}

/** A proposed change of a declaration. */
export interface SuggestedPatch {
  readonly object: PatchedObject;
  /** The object does not exist yet; `merge` is the whole of it. */
  readonly creates: boolean;
  /** RFC 7386 merge patch; `formatPatch` writes it as YAML. */
  readonly merge: JsonObject;
}

/** One difference between what is declared and what runs or would run. */
export interface DriftFinding {
  /** The same in every scan that finds the same thing: for "first seen" and "last seen". */
  readonly id: string;
  readonly kind: DriftKind;
  readonly severity: DriftSeverity;
  /** The declaration that it is about; absent when there is none. */
  readonly object?: PatchedObject;
  readonly workload?: WorkloadRef;
  /** Names of pods, when pods were looked at. */
  readonly pods: readonly string[];
  readonly port?: InspectedPort;
  readonly package?: PackageOrigin;
  readonly seenIn: readonly DriftSource[];
  /** What is wrong, why it matters, what to do. */
  readonly message: string;
  readonly patch?: SuggestedPatch;
}
