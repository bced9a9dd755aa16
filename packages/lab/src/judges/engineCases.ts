import type { JudgedPod, JudgedPolicy } from './types.ts';

/** Kinds that Cilium enforces. */
export const CILIUM_KINDS = [
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'NetworkPolicy',
];
/** Kinds that Istio enforces. */
export const ISTIO_KINDS = ['AuthorizationPolicy', 'PeerAuthentication'];

/** One line for the judge of Cilium; see `judges/cilium/case.go`. */
export type CiliumCase = {
  clusterName: string;
  namespaces: { name: string; labels: Record<string, string> }[];
  pods: Pick<
    JudgedPod,
    'namespace' | 'name' | 'labels' | 'serviceAccount' | 'namedPorts'
  >[];
  externals: { name: string; cidr: string; fqdn?: string }[];
  policies: JudgedPolicy[];
  ends: string[];
  questions: [from: number, to: number, port: number, protocol: string][];
};

/** Where captured traffic comes from: an address, and who it is when the mesh carries it. */
export type IstioSource = {
  ip: string;
  namespace?: string;
  serviceAccount?: string;
};

/** One line for the judge of Istio; see `judges/istio/case.go`. */
export type IstioCase = {
  trustDomain: string;
  rootNamespace: string;
  clusterName: string;
  namespaces: { name: string; labels: Record<string, string> }[];
  /** Captured pods only. */
  pods: (Pick<JudgedPod, 'namespace' | 'name' | 'labels' | 'serviceAccount'> & {
    ip: string;
  })[];
  policies: JudgedPolicy[];
  sources: IstioSource[];
  questions: [to: number, source: number, port: number][];
};
