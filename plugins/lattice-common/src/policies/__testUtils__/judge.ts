import { KubernetesObject } from '../../api/object';
import {
  decideCilium,
  decideFlow,
  ExplainPod,
  readPolicies,
} from '../../explain/engines';

/** A pod of a test's world. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly serviceAccount: string;
  /** Whether the mesh has captured it. */
  readonly isEnrolled: boolean;
}

/** Traffic as the network sees it. */
export interface Flow {
  readonly from: Pod;
  readonly to: Pod;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

const CONTEXT = {
  clusterName: 'default',
  trustDomain: 'cluster.local',
  rootNamespace: 'istio-system',
  namespaceLabels: new Map(),
};

/** Reading a policy costs more than asking it; laws ask the same policies thousands of questions. */
const read = new WeakMap<KubernetesObject, ReturnType<typeof readPolicies>>();

function readAll(policies: readonly KubernetesObject[]) {
  const each = policies.map(policy => {
    const held = read.get(policy) ?? readPolicies([policy], 'default');
    read.set(policy, held);
    return held;
  });
  return {
    cilium: each.flatMap(({ cilium }) => cilium),
    istio: each.flatMap(({ istio }) => istio),
  };
}

const pods = new WeakMap<Pod, ExplainPod>();

function asPod(pod: Pod): ExplainPod {
  const { isEnrolled: ambient, ...rest } = pod;
  const seen = pods.get(pod) ?? { ...rest, name: 'pod', ambient };
  pods.set(pod, seen);
  return seen;
}

/** Whether traffic from one pod to a port of another passes both engines. */
export function passes(
  policies: readonly KubernetesObject[],
  from: Pod,
  to: Pod,
  [port, protocol]: readonly [number, 'TCP' | 'UDP'],
): boolean {
  const flow = { from: asPod(from), to: asPod(to), port, protocol };
  return decideFlow(readAll(policies), flow, CONTEXT).ruling === 'allow';
}

/** What Cilium decides on one side. */
export function networkAllows(
  policies: readonly KubernetesObject[],
  direction: 'ingress' | 'egress',
  flow: Flow,
): boolean {
  const { from, to } = flow;
  return (
    decideCilium(
      readAll(policies).cilium,
      direction,
      { ...flow, from: asPod(from), to: asPod(to) },
      CONTEXT,
    ).ruling === 'allow'
  );
}
