import {
  Decision,
  ExplainPod,
  Flow,
  FlowDecision,
  FlowEnd,
  isPod,
  ObjectRef,
} from './engines';
import { formatRef } from './engines/match';
import { HBONE_PORT } from '../policies/openPorts';
import { ExplainLayer, LayerVerdict } from './types';

const MAX_NAMED = 4;

/** Where in the path an engine decides. */
export type Place =
  | 'ciliumEgress'
  | 'ciliumIngress'
  | 'peerAuthentication'
  | 'authorizationPolicy';

/** An end in words. */
export function formatEnd(end: FlowEnd): string {
  if (isPod(end)) return `${end.namespace}/${end.name}`;
  switch (end.outside) {
    case 'host':
      return 'the pod’s own node';
    case 'remote-node':
      return 'another node';
    case 'kube-apiserver':
      return 'the API server';
    case 'world':
      return 'the outside world';
    default:
      return end.fqdn ?? end.cidr ?? 'an address outside';
  }
}

/** Several objects in words, the first ones when there are many. */
export function formatRefs(refs: readonly ObjectRef[]): string {
  const named = refs.slice(0, MAX_NAMED).map(formatRef).join(', ');
  const more = refs.length - MAX_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

/** The four places of the engines as links of a chain. */
export function engineLayers(
  flow: Flow,
  decision: FlowDecision,
): ExplainLayer[] {
  const places: [Place, Decision | undefined][] = [
    ['ciliumEgress', decision.egress],
    ['ciliumIngress', decision.ingress],
    ['peerAuthentication', decision.peerAuthentication],
    ['authorizationPolicy', decision.authorization],
  ];
  return places.map(([layer, made]) => ({
    layer,
    verdict: made ? verdictOf(made) : 'skipped',
    evidence: made
      ? describe(layer, made, flow, decision.carriedBy)
      : 'The mesh does not see this traffic.',
    ...(made?.by[0] ? { object: made.by[0] } : {}),
  }));
}

function verdictOf({ ruling, reason }: Decision): LayerVerdict {
  if (reason === 'notEnforced') return 'skipped';
  if (ruling === 'unknown') return 'unknown';
  return ruling === 'allow' ? 'pass' : 'fail';
}

function describe(
  place: Place,
  decision: Decision,
  flow: Flow,
  carriedBy: FlowDecision['carriedBy'],
): string {
  return place === 'ciliumEgress' || place === 'ciliumIngress'
    ? describeNetwork(place, decision, flow, carriedBy)
    : describeMesh(place, decision, flow, carriedBy);
}

function describeNetwork(
  place: 'ciliumEgress' | 'ciliumIngress',
  decision: Decision,
  flow: Flow,
  carriedBy: FlowDecision['carriedBy'],
): string {
  const isEgress = place === 'ciliumEgress';
  const [subject, peer] = (
    isEgress ? [flow.from, flow.to] : [flow.to, flow.from]
  ).map(formatEnd);
  const port =
    carriedBy === 'hbone'
      ? `${HBONE_PORT.port}/TCP, the tunnel of the mesh`
      : formatPort(flow);
  const traffic = isEgress
    ? `${subject} out to ${peer} on ${port}`
    : `${peer} in to ${subject} on ${port}`;
  const direction = isEgress ? 'egress' : 'ingress';
  const by = formatRefs(decision.by);
  switch (decision.reason) {
    case 'notSelected':
      return `No policy is about ${direction} of ${subject}: nothing is denied there.`;
    case 'notEnforced':
      return `No policy is enforced at ${subject}.`;
    case 'allowed':
      return `${by} lets ${traffic}.`;
    case 'denied':
      return `${by} forbids ${traffic}.`;
    case 'defaultAllow':
      return `${by} denies only what it names, and this is not among it.`;
    case 'ownNode':
      return `A node always reaches its own pods.`;
    case 'nothingAllows':
      return `Nothing lets ${traffic}; what is not allowed is denied by ${by}.`;
    default:
      return `It cannot be told: ${decision.unsure} (${by}).`;
  }
}

function describeMesh(
  place: 'peerAuthentication' | 'authorizationPolicy',
  decision: Decision,
  flow: Flow,
  carriedBy: FlowDecision['carriedBy'],
): string {
  const by = formatRefs(decision.by);
  const to = `${formatEnd(flow.to)} on ${formatPort(flow)}`;
  const who =
    carriedBy === 'hbone'
      ? `${accountOf(flow.from)} (the identity of ${formatEnd(flow.from)})`
      : `${formatEnd(flow.from)} without a mesh identity`;
  switch (decision.reason) {
    case 'notEnforced':
      return 'The caller proves its identity by mTLS.';
    case 'notSelected':
      return place === 'peerAuthentication'
        ? `No PeerAuthentication asks for mTLS at ${to}.`
        : `No AuthorizationPolicy is about ${formatEnd(
            flow.to,
          )}: the mesh denies nothing there.`;
    case 'allowed':
      return place === 'peerAuthentication'
        ? `${by} takes plaintext at ${to}.`
        : `${by} admits ${who} at ${to}.`;
    case 'denied':
      return place === 'peerAuthentication'
        ? `${by} asks for mTLS at ${to}, and ${formatEnd(
            flow.from,
          )} sends plaintext.`
        : `${by} denies ${who} at ${to}.`;
    case 'nothingAllows':
      return `No rule of ${by} admits ${who} at ${to}.`;
    default:
      return `It cannot be told: ${decision.unsure} (${by}).`;
  }
}

function accountOf(end: FlowEnd): string {
  return isPod(end) ? formatAccount(end) : formatEnd(end);
}

/** Account of a pod. */
export function formatAccount({
  namespace,
  serviceAccount,
}: ExplainPod): string {
  return `${namespace}/${serviceAccount}`;
}

/** `6379/TCP`; port 0 stands for one that no rule names. */
export function formatPort({
  port,
  protocol,
}: Pick<Flow, 'port' | 'protocol'>): string {
  return port === 0 ? `any undeclared ${protocol} port` : `${port}/${protocol}`;
}

/** Ports in words. */
export function listPorts(
  ports: readonly Pick<Flow, 'port' | 'protocol'>[],
): string {
  return ports.map(formatPort).join(', ');
}
