import {
  AgreementEdge,
  EdgeState,
  EdgeView,
  formatKey,
  LatticeMember,
  MemberEdgeStatus,
  ObjectKey,
  ServiceRef,
  unmatchedDependencyMessage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isBehind } from './packageViews';

/** The wildcard, as declarations write it. */
const ANY = '*';

/** Why an edge is in its state, for people. The far side is spoken of only as the near side wrote it. */
const REASONS: Record<Exclude<EdgeState, 'halfCaller'>, string> = {
  enforced: 'Both sides declare it and the policies are applied.',
  agreed: 'Both sides declare it; the policies are not applied yet.',
  halfCallee:
    'Allowed here as a caller, but no matching outbound declaration was found.',
  refused: 'Both sides declare it, but a rule refuses it.',
  unknown: 'The cluster has not been read completely, so this is not known.',
};

const WILDCARD_REASON =
  'Every caller here is allowed; traffic flows for those that declare this dependency.';
const WILDCARD_DEPENDENCY_REASON =
  'Every target here is wanted; traffic flows to those that allow this caller.';

/**
 * The agreements of a member, seen from that member: what it has declared itself, and how far each has come.
 * An edge that only the far side has declared is not shown, and a target that does not exist reads as one
 * that does not answer.
 */
export function edgeViews(
  member: LatticeMember,
  context: { edges: readonly AgreementEdge[]; isComplete: boolean },
): EdgeView[] {
  const { namespace, name } = member.metadata;
  const own: ObjectKey = { namespace, name };
  const states = statesByPair(context.edges);
  const view = (
    direction: EdgeView['direction'],
    reference: ServiceRef,
  ): EdgeView => {
    const peer = peerKey(reference);
    const pair =
      direction === 'inbound'
        ? { caller: peer, callee: own }
        : { caller: own, callee: peer };
    if (reference.name === ANY) {
      return { direction, ...pair, ...wildcardState(direction) };
    }
    const state = context.isComplete
      ? edgeState(member, direction, peer, states.get(formatPair(pair)))
      : 'unknown';
    const since = reportedEdge(member, direction, peer)?.since;
    return {
      direction,
      ...pair,
      state,
      reason:
        state === 'halfCaller'
          ? unmatchedDependencyMessage(reference.name)
          : REASONS[state],
      ...(since !== undefined && { since }),
    };
  };
  return [
    ...member.spec.allowedCallers.map(caller => view('inbound', caller)),
    ...member.spec.dependencies.map(callee => view('outbound', callee)),
  ];
}

/** How many edges are enforced, and how many wait for somebody. A wildcard waits for nobody. */
export function countEdges(edges: readonly EdgeView[]): {
  enforcedEdges: number;
  openEdges: number;
} {
  const named = edges.filter(
    ({ caller, callee }) => caller.name !== ANY && callee.name !== ANY,
  );
  const enforcedEdges = named.filter(edge => edge.state === 'enforced').length;
  return { enforcedEdges, openEdges: named.length - enforcedEdges };
}

function edgeState(
  member: LatticeMember,
  direction: EdgeView['direction'],
  peer: ObjectKey,
  agreement: AgreementEdge['state'] | undefined,
): EdgeState {
  if (agreement !== 'agreed') {
    return direction === 'inbound' ? 'halfCallee' : 'halfCaller';
  }
  const reported = reportedEdge(member, direction, peer)?.state;
  const isCurrent = !isBehind(member);
  if (isCurrent && (reported === 'enforced' || reported === 'refused')) {
    return reported;
  }
  return 'agreed';
}

function reportedEdge(
  member: LatticeMember,
  direction: EdgeView['direction'],
  peer: ObjectKey,
): MemberEdgeStatus | undefined {
  return member.status.edges.find(
    edge =>
      edge.direction === direction && formatKey(edge.peer) === formatKey(peer),
  );
}

function wildcardState(
  direction: EdgeView['direction'],
): Pick<EdgeView, 'state' | 'reason'> {
  return direction === 'inbound'
    ? { state: 'halfCallee', reason: WILDCARD_REASON }
    : { state: 'halfCaller', reason: WILDCARD_DEPENDENCY_REASON };
}

function peerKey(reference: ServiceRef): ObjectKey {
  return { namespace: reference.namespace ?? ANY, name: reference.name };
}

function statesByPair(
  edges: readonly AgreementEdge[],
): ReadonlyMap<string, AgreementEdge['state']> {
  return new Map(edges.map(edge => [formatPair(edge), edge.state]));
}

function formatPair(pair: { caller: ObjectKey; callee: ObjectKey }): string {
  return `${formatKey(pair.caller)} ${formatKey(pair.callee)}`;
}
