import { KubernetesObject, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { ClusterProfile } from '../policies/ClusterProfile';
import {
  ExplainPod,
  Flow,
  FlowDecision,
  ObjectRef,
  OutsideEnd,
} from './engines';

/** Everything an explanation looks at. Nothing is fetched; what is not given is not known. */
export interface ExplainWorld {
  readonly graph: AgreementGraph;
  readonly profile: ClusterProfile;
  /**
   * Policies of others: NetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy, AuthorizationPolicy,
   * PeerAuthentication. Ours among them are passed over, as they are compiled anew.
   */
  readonly foreignPolicies: readonly KubernetesObject[];
  readonly namespaces?: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** Running pods. Without them a member stands for one pod as it declares it. */
  readonly pods?: readonly ExplainPod[];
  /** Existing accounts. */
  readonly serviceAccounts?: readonly ObjectKey[];
}

/** Either side of a question: a declared workload, or a place outside of the cluster. */
export type ExplainEnd = ObjectKey | OutsideEnd;

/** May the caller reach the callee? Without a port: on any port that it declares. */
export interface ExplainQuestion {
  readonly caller: ExplainEnd;
  readonly callee: ExplainEnd;
  /** Port of the pod, never that of a Service. */
  readonly port?: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** The layers of an explanation, in their order. */
export const EXPLAIN_LAYERS = [
  'callerKnown',
  'calleeKnown',
  'callerDeclares',
  'calleeAllows',
  'portDeclared',
  'modeCompatible',
  'engines',
  'pods',
  'names',
  'ciliumEgress',
  'ciliumIngress',
  'trustDomain',
  'peerAuthentication',
  'authorizationPolicy',
  'foreignPolicies',
] as const;

/** One question of the chain. */
export type ExplainLayerName = (typeof EXPLAIN_LAYERS)[number];

/** `skipped` = does not apply here; `unknown` = cannot be told from what is given. */
export type LayerVerdict = 'pass' | 'fail' | 'skipped' | 'unknown';

/** One link of the chain. */
export interface ExplainLayer {
  readonly layer: ExplainLayerName;
  readonly verdict: LayerVerdict;
  /** In words, for the person who asks. */
  readonly evidence: string;
  /** The object that decides. */
  readonly object?: ObjectRef;
}

/** What somebody would have to write, and where. */
export interface MissingDeclaration {
  /** Whose object it is. */
  readonly object: ObjectRef;
  /** YAML: a merge patch of the object, or the object itself where none exists. */
  readonly patch: string;
  readonly sentence: string;
}

/** Why a caller reaches a callee, or does not. */
export interface Explanation {
  /** What the engines do with the traffic, whether or not it is agreed. */
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly layers: readonly ExplainLayer[];
  /** The first link that fails; absent when the traffic is allowed. */
  readonly firstFailing?: ExplainLayer;
  /** What would mend the first failing declaration. */
  readonly missing?: MissingDeclaration;
  /** What else is missing, when both sides have to write. */
  readonly alsoMissing?: readonly MissingDeclaration[];
  /** What a reader should know besides: an opening that nobody agreed to, an account that two share. */
  readonly notes: readonly string[];
}

/** The same for two ends as they are, whatever is declared. */
export interface FlowExplanation {
  readonly verdict: Explanation['verdict'];
  readonly flow: Flow;
  readonly decision: FlowDecision;
  readonly layers: readonly ExplainLayer[];
  readonly firstFailing?: ExplainLayer;
}
