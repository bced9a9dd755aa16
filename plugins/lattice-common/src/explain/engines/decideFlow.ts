import { KubernetesObject } from '../../api/object';
import { HBONE_PORT } from '../../policies/openPorts';
import { readBlock } from './addresses';
import { decideCilium } from './cilium';
import { decidePlaintext } from './peerAuthentication';
import { CiliumPolicy, isCiliumPolicy, readCiliumPolicy } from './readCilium';
import { Decision, EngineContext, Flow, FlowEnd, isPod, Ruling } from './types';
import { decideAuthorization, MeshConnection, MeshIdentity } from './ztunnel';

/** Policies, read once and asked many times. */
export interface EnginePolicies {
  readonly cilium: readonly CiliumPolicy[];
  readonly istio: readonly KubernetesObject[];
}

/** What the engines decide, place by place. */
export interface FlowDecision {
  readonly ruling: Ruling;
  readonly carriedBy: 'plain' | 'hbone';
  readonly egress: Decision;
  readonly ingress: Decision;
  /** Absent where the mesh does not see the traffic. */
  readonly peerAuthentication?: Decision;
  readonly authorization?: Decision;
}

/** Reads policies of every kind that the engines know. */
export function readPolicies(
  objects: readonly KubernetesObject[],
  clusterName: string,
  { areCompiled = false } = {},
): EnginePolicies {
  return {
    cilium: objects
      .filter(isCiliumPolicy)
      .flatMap(object => readCiliumPolicy(object, clusterName, areCompiled)),
    istio: objects.filter(({ apiVersion }) =>
      apiVersion.startsWith('security.istio.io/'),
    ),
  };
}

/**
 * Whether traffic passes both engines. TCP between two captured pods goes through a tunnel: the network then sees the
 * tunnel's port, and the mesh the caller's identity with the real port. All else is plain.
 */
export function decideFlow(
  policies: EnginePolicies,
  flow: Flow,
  context: EngineContext,
): FlowDecision {
  const isMeshed = flow.protocol === 'TCP' && isCaptured(flow.to);
  const isTunnelled = isMeshed && isCaptured(flow.from);
  const seen = isTunnelled ? { ...flow, port: HBONE_PORT.port } : flow;
  const egress = decideCilium(policies.cilium, 'egress', seen, context);
  const ingress = decideCilium(policies.cilium, 'ingress', seen, context);
  const mesh =
    isMeshed && isPod(flow.to)
      ? decideMesh(
          policies.istio,
          { ...flow, to: flow.to },
          isTunnelled,
          context,
        )
      : undefined;
  const places = [
    egress,
    ingress,
    ...(mesh ? [mesh.peerAuthentication, mesh.authorization] : []),
  ];
  return {
    ruling: combine(places.map(({ ruling }) => ruling)),
    carriedBy: isTunnelled ? 'hbone' : 'plain',
    egress,
    ingress,
    ...mesh,
  };
}

function decideMesh(
  policies: readonly KubernetesObject[],
  { from, to, port }: Flow & { readonly to: MeshConnection['to'] },
  isTunnelled: boolean,
  context: EngineContext,
) {
  const identity = isTunnelled ? identityOf(from, context) : undefined;
  const connection = { to, port, identity, source: addressOf(from) };
  const peerAuthentication: Decision = identity
    ? { ruling: 'allow', reason: 'notEnforced', by: [] }
    : decidePlaintext(policies, to, port, context);
  return {
    peerAuthentication,
    authorization: decideAuthorization(policies, connection, context),
  };
}

/** All places must let it pass. */
export function combine(rulings: readonly Ruling[]): Ruling {
  if (rulings.includes('deny')) return 'deny';
  return rulings.includes('unknown') ? 'unknown' : 'allow';
}

function isCaptured(end: FlowEnd): boolean {
  return isPod(end) && end.ambient && !end.hostNetwork;
}

function identityOf(
  end: FlowEnd,
  { trustDomain }: EngineContext,
): MeshIdentity | undefined {
  if (!isPod(end)) return undefined;
  const { namespace, serviceAccount } = end;
  return { trustDomain, namespace, serviceAccount };
}

function addressOf(end: FlowEnd) {
  return !isPod(end) && end.outside === 'address' && end.cidr !== undefined
    ? readBlock(end.cidr)
    : undefined;
}
