/** An object of a world's policies, ours and foreign alike. */
export type JudgedPolicy = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
};

/** A running pod, as far as the engines look at it. */
export interface JudgedPod {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  serviceAccount: string;
  /** Enrolled in the ambient mesh. */
  ambient: boolean;
  /** On the network of its node: no policy holds for it, and others see a node. */
  hostNetwork?: boolean;
  namedPorts?: {
    name: string;
    port: number;
    protocol: 'TCP' | 'UDP' | 'SCTP';
  }[];
}

/** A cluster at one moment: what runs in it and every policy object that is in force. */
export interface JudgedWorld {
  namespaces: { name: string; labels: Record<string, string> }[];
  pods: JudgedPod[];
  /** CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy, NetworkPolicy, AuthorizationPolicy, PeerAuthentication. */
  policies: JudgedPolicy[];
  trustDomain: string;
  /** Istio's root namespace. */
  rootNamespace: string;
  clusterName: string;
  /** Addresses outside the cluster; `fqdn` is the name that resolved to them. */
  externals?: { name: string; cidr: string; fqdn?: string }[];
}

/** The peers that every cluster has besides its pods. */
export const RESERVED_ENDS = [
  'host',
  'remote-node',
  'kube-apiserver',
  'world',
] as const;

/**
 * May `from` open a connection to this port of `to`? An end is a pod as `namespace/name`, one of the reserved ends, or
 * the name of an external. The port is the pod's own, never a Service's.
 */
export interface Question {
  from: string;
  to: string;
  port: number;
  protocol: 'TCP' | 'UDP';
}

/** What the engines decide on one question. */
export interface Verdict {
  /** The whole path. */
  allowed: boolean;
  /** On the port that the traffic really uses: 15008 when it is carried by HBONE. An end outside allows. */
  cilium: { egress: boolean; ingress: boolean };
  /** ztunnel's decision at the callee; absent when the traffic is not captured there. */
  istio?: boolean;
  carriedBy: 'plain' | 'hbone';
}

/** An object that an engine refuses; it is not in force in the world. */
export interface InvalidObject {
  /** Kind, and namespace/name. */
  object: string;
  engine: 'cilium' | 'istio';
  message: string;
}

/** The answer to one world's questions, in their order. */
export interface JudgeAnswer {
  verdicts: Verdict[];
  invalid: InvalidObject[];
}

/** A world and what is asked of it. */
export interface JudgedCase {
  world: JudgedWorld;
  questions: Question[];
}

/** The real engines, ready to be asked. */
export interface Judges {
  /** One process for each engine and call; answers in the order of the cases. */
  ask(cases: JudgedCase[]): Promise<JudgeAnswer[]>;
  /** Ends what still runs; a call under way rejects. */
  close(): Promise<void>;
}
