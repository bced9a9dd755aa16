import { Condition, ObjectKey, ObjectMeta } from './object';
import { WrittenPaths } from './writtenPaths';

/** How a port authenticates its peers (spec/mesh-policy: peerAuth). */
export type PeerAuth = 'Strict' | 'Permissive' | 'Webhook';

export interface MemberPort {
  /** Container (target) port, 1-65535. */
  readonly port: number;
  readonly servicePort: number;
  readonly name: string;
  readonly peerAuth: PeerAuth;
  readonly protocol: 'TCP' | 'UDP';
}

/** A reference to a caller or callee; `name: '*'` is the wildcard, bounded by `namespace` when that is set. */
export interface ServiceRef {
  readonly name: string;
  /** Filled with the declaring object's namespace, except for the bare wildcard (`undefined` = every namespace). */
  readonly namespace?: string;
}

export interface EgressRule {
  readonly target:
    | { readonly entity: string }
    | { readonly cidr: string }
    | { readonly fqdn: string };
  readonly ports: readonly number[];
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * Something outside the cluster that is named like a service: egress for as long as nobody declares that key, and
 * nothing at all while somebody does. Never a half of an agreement.
 */
export interface ExternalService {
  readonly name: string;
  readonly namespace: string;
  readonly egress: readonly EgressRule[];
}

/** What a member selects: pods by labels, or its whole namespace. */
export type MemberTarget =
  | { readonly selector: Readonly<Record<string, string>> }
  | { readonly namespace: string };

/** Wanted state of a mesh member, normalised from every public shape. */
export interface MemberSpec {
  readonly target: MemberTarget;
  readonly ports: readonly MemberPort[];
  readonly allowedCallers: readonly ServiceRef[];
  readonly dependencies: readonly ServiceRef[];
  readonly egress: readonly EgressRule[];
  /** Only a LatticeService names any. */
  readonly externals?: readonly ExternalService[];
  readonly allowPeerTraffic: boolean;
  readonly dependsAll: boolean;
  /** SPIFFE identity; the member's own name by default. */
  readonly serviceAccount: string;
  /** false = Cilium L4 only. */
  readonly ambient: boolean;
}

/** State of an agreement as shown to people; only `enforced` is drawn solid. */
export type EdgeState =
  | 'enforced'
  | 'agreed'
  | 'halfCaller'
  | 'halfCallee'
  | 'refused'
  | 'unknown';

export interface MemberEdgeStatus {
  readonly direction: 'inbound' | 'outbound';
  readonly peer: ObjectKey;
  readonly state: EdgeState;
  readonly since?: string;
}

export interface MemberStatus {
  readonly observedGeneration: number;
  readonly phase?: 'Pending' | 'Progressing' | 'Ready' | 'Failed';
  readonly scope?: 'Workload' | 'Namespace';
  readonly conditions: readonly Condition[];
  readonly appliedResources: readonly {
    readonly kind: string;
    readonly name: string;
  }[];
  /** A bounded list: those that the declaration names come first. */
  readonly edges: readonly MemberEdgeStatus[];
  /** How many edges there are; present when they are more than are listed. */
  readonly edgesTotal?: number;
}

/** A LatticeMeshMember, or a LatticeService compiled to one. */
export interface LatticeMember {
  readonly kind: 'LatticeMeshMember' | 'LatticeService';
  readonly metadata: ObjectMeta;
  readonly spec: MemberSpec;
  readonly status: MemberStatus;
  /** Where the manifest writes a field differently from this model. */
  readonly writtenPaths?: WrittenPaths;
  /** The package whose `mesh` block this is; absent for an object of its own. */
  readonly fromPackage?: ObjectKey;
  /** Fields that are set, accepted and not acted on. */
  readonly unsupportedFields?: readonly string[];
}
