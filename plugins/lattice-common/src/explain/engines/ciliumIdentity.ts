import { isIdentityLabel } from '../../policies/identityLabels';
import { AddressBlock, readBlock } from './addresses';
import { EngineContext, ExplainPod, FlowEnd, isPod } from './types';

export const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels';
export const POLICY_CLUSTER = 'io.cilium.k8s.policy.cluster';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const POLICY_SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';

/** What Cilium knows an end of a connection by. */
export interface CiliumIdentity {
  /** By `source:key`. */
  readonly labels: ReadonlyMap<string, string>;
  readonly block?: AddressBlock;
  readonly fqdn?: string;
  /** Namespace of a pod, when its labels are not known. */
  readonly unknownNamespace?: string;
}

const known = new WeakMap<EngineContext, WeakMap<FlowEnd, CiliumIdentity[]>>();

/** The identities that an end may have; more than one only for a pod on its node's network. */
export function identitiesOf(
  end: FlowEnd,
  context: EngineContext,
): readonly CiliumIdentity[] {
  const held = known.get(context) ?? new WeakMap<FlowEnd, CiliumIdentity[]>();
  known.set(context, held);
  const identities = held.get(end) ?? readIdentities(end, context);
  held.set(end, identities);
  return identities;
}

function readIdentities(
  end: FlowEnd,
  context: EngineContext,
): CiliumIdentity[] {
  if (!isPod(end)) {
    if (end.outside !== 'address') return [reserved(end.outside)];
    const { cidr, fqdn } = end;
    const block = cidr === undefined ? undefined : readBlock(cidr);
    return [{ ...reserved('world'), block, fqdn }];
  }
  return end.hostNetwork
    ? [reserved('host'), reserved('remote-node')]
    : [podIdentity(end, context)];
}

function reserved(name: string): CiliumIdentity {
  const names = name === 'kube-apiserver' ? [name, 'remote-node'] : [name];
  return { labels: new Map(names.map(one => [`reserved:${one}`, ''])) };
}

function podIdentity(
  { namespace, labels, serviceAccount }: ExplainPod,
  { clusterName, namespaceLabels }: EngineContext,
): CiliumIdentity {
  const identity = new Map<string, string>();
  for (const [key, value] of Object.entries(labels))
    if (isIdentityLabel(key)) identity.set(`k8s:${key}`, value);
  const ofNamespace = namespaceLabels.get(namespace);
  // The one label that the API server puts on every namespace.
  const stated = { [NAMESPACE_NAME]: namespace, ...ofNamespace };
  for (const [key, value] of Object.entries(stated))
    identity.set(`k8s:${NAMESPACE_LABELS}.${key}`, value);
  identity.set(`k8s:${POD_NAMESPACE}`, namespace);
  identity.set(`k8s:${POLICY_CLUSTER}`, clusterName);
  identity.set(`k8s:${POLICY_SERVICE_ACCOUNT}`, serviceAccount);
  return {
    labels: identity,
    unknownNamespace: ofNamespace ? undefined : namespace,
  };
}
