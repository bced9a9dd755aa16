/** A pod as the engines see it. */
export interface ExplainPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Whether the mesh has captured it. */
  readonly ambient: boolean;
  /** Such a pod is its node to the engines: no policy selects it and no mesh captures it. */
  readonly hostNetwork?: boolean;
  /** Left out when not known. */
  readonly namedPorts?: readonly NamedPort[];
}

/** A port of a container that has a name. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

/** Nodes and what lies outside of the cluster, where no policy is enforced. */
export type OutsideEnd =
  | { readonly outside: 'host' | 'remote-node' | 'kube-apiserver' | 'world' }
  | {
      readonly outside: 'address';
      /** Address block, or one address. Without it only the name is known. */
      readonly cidr?: string;
      readonly fqdn?: string;
    };

/** Either side of a connection. */
export type FlowEnd = ExplainPod | OutsideEnd;

/** One question about traffic. The port is the pod's own, never that of a Service. */
export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** What the engines must know about the cluster. */
export interface EngineContext {
  readonly clusterName: string;
  readonly trustDomain: string;
  readonly rootNamespace: string;
  /** Labels of namespaces, where known. */
  readonly namespaceLabels: ReadonlyMap<
    string,
    Readonly<Record<string, string>>
  >;
}

/** An object that somebody can look up. */
export interface ObjectRef {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** `unknown` = the objects say something that cannot be told from them alone. */
export type Ruling = 'allow' | 'deny' | 'unknown';

/** Why an engine rules as it does. */
export type RulingReason =
  /** No policy is about this pod and direction, so nothing is denied. */
  | 'notSelected'
  /** This end is not subject to policies. */
  | 'notEnforced'
  | 'allowed'
  | 'denied'
  /** Policies are about this pod and none of them allows it. */
  | 'nothingAllows'
  /** The policies about this pod deny only what they name. */
  | 'defaultAllow'
  /** A node always reaches its own pods. */
  | 'ownNode'
  | 'notUnderstood';

/** What one engine decides at one place, and by which objects. */
export interface Decision {
  readonly ruling: Ruling;
  readonly reason: RulingReason;
  /** The policies that decide; with `nothingAllows`, those that are about the pod. */
  readonly by: readonly ObjectRef[];
  /** What cannot be told, when `notUnderstood`. */
  readonly unsure?: string;
}

/** `true`, `false`, or what would have to be known. */
export type Match = boolean | { readonly unsure: string };

/** Whether an end of a connection is a pod. */
export function isPod(end: FlowEnd): end is ExplainPod {
  return !('outside' in end);
}
