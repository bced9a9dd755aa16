import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { agreedPeers } from './agreedPeers';
import { ClusterProfile } from './ClusterProfile';
import { findEgressProblem } from './egressRules';
import { findIgnoredLabels } from './identityLabels';
import { isClosedWithoutEngine, openPorts } from './openPorts';
import { withExternals } from './withExternals';

/**
 * Why something that is declared has no effect.
 *
 * - `EngineMissing`: nothing here enforces it, or gives the mTLS that it asks for.
 * - `AgreedButBlocked`: both sides declare it, and no port of the callee is open to this caller.
 * - `EgressIgnored`: an egress rule of which no policy is made.
 * - `SelectorIgnored`: Cilium does not see a label of the selector, so that its policy selects no pod.
 * - `ModeIgnored`: a port's own mode that a whole namespace cannot have; the port is Strict.
 * - `TooManyPeers`: more agreements than one policy can hold.
 */
export type PolicyGapReason =
  | 'EngineMissing'
  | 'AgreedButBlocked'
  | 'EgressIgnored'
  | 'SelectorIgnored'
  | 'ModeIgnored'
  | 'TooManyPeers';

/** Something that a declaration asks for and its policies do not do, and why. */
export interface PolicyGap {
  readonly reason: PolicyGapReason;
  readonly message: string;
}

/** What is declared for a key and not done by its policies, each said once. */
export function findPolicyGaps(
  graph: AgreementGraph,
  key: ObjectKey,
  profile: ClusterProfile,
): PolicyGap[] {
  const declared = graph.get(key);
  if (!declared) return [];
  const member = withExternals(graph, declared);
  const { callers, callees, leftOut } = agreedPeers(graph, key);
  const gaps = [
    ...engineGaps(member, profile),
    ...selectorGaps(member, profile),
    ...modeGaps(member),
    ...callers.flatMap(caller => blockedCaller(caller, member, profile)),
    ...callees.flatMap(callee => blockedCallee(member, callee, profile)),
    ...tooMany('callers', leftOut.callers),
    ...tooMany('callees', leftOut.callees),
    ...egressGaps(member, declared.spec.egress.length),
  ];
  return [...new Map(gaps.map(gap => [gap.message, gap])).values()];
}

function selectorGaps(
  member: LatticeMember,
  profile: ClusterProfile,
): PolicyGap[] {
  return findIgnoredLabels(member, profile).map(label => ({
    reason: 'SelectorIgnored',
    message: `Cilium does not see the label ${label} on pods, so the policy selects none of them and closes nothing: select by another label.`,
  }));
}

function modeGaps({ spec }: LatticeMember): PolicyGap[] {
  if (!('namespace' in spec.target)) return [];
  return spec.ports
    .filter(({ peerAuth }) => peerAuth !== 'Strict')
    .map(({ port }) => ({
      reason: 'ModeIgnored',
      message: `Port ${port} is Strict: a whole namespace cannot have modes per port.`,
    }));
}

function tooMany(side: 'callers' | 'callees', count: number): PolicyGap[] {
  return count === 0
    ? []
    : [
        {
          reason: 'TooManyPeers',
          message: `${count} agreed ${side}, the last by name, stay closed: one policy cannot hold them. Name fewer, or select them as a whole namespace.`,
        },
      ];
}

function egressGaps({ spec }: LatticeMember, ownCount: number): PolicyGap[] {
  return spec.egress.flatMap((rule, index): PolicyGap[] => {
    const problem = findEgressProblem(rule);
    const where =
      index < ownCount ? `spec.egress[${index}]` : 'an external service';
    return problem
      ? [{ reason: 'EgressIgnored', message: `${where}: ${problem}` }]
      : [];
  });
}

function engineGaps(
  member: LatticeMember,
  profile: ClusterProfile,
): PolicyGap[] {
  const gaps: PolicyGap[] = [];
  if (!profile.engines.cilium)
    gaps.push({
      reason: 'EngineMissing',
      message: 'Without Cilium nothing is enforced on the network.',
    });
  const closed = member.spec.ports.filter(port =>
    isClosedWithoutEngine(member, port, profile),
  );
  if (closed.length > 0)
    gaps.push({
      reason: 'EngineMissing',
      message: `Without Istio no mTLS is possible: Strict port ${closed
        .map(port => port.port)
        .join(', ')} stays closed.`,
    });
  return gaps;
}

function blockedCaller(
  caller: LatticeMember,
  member: LatticeMember,
  profile: ClusterProfile,
): PolicyGap[] {
  if (openPorts(caller, member, profile).length > 0) return [];
  const name = nameOf(caller, member.spec.allowedCallers);
  const why =
    member.spec.ports.length === 0
      ? 'the callee declares no ports'
      : 'the caller has no mesh identity, which the callee’s ports ask for';
  return [blocked(`${name} -> ${formatKey(member.metadata)}`, why)];
}

/** What the callee declares is for its own readers: the caller's hear that it is closed, and whom to ask. */
function blockedCallee(
  member: LatticeMember,
  callee: LatticeMember,
  profile: ClusterProfile,
): PolicyGap[] {
  if (openPorts(member, callee, profile).length > 0) return [];
  const name = nameOf(callee, member.spec.dependencies);
  return [
    blocked(
      `${formatKey(member.metadata)} -> ${name}`,
      'the callee has no port that this caller can use; ask its owner',
    ),
  ];
}

function blocked(pair: string, why: string): PolicyGap {
  return {
    reason: 'AgreedButBlocked',
    message: `${pair} is agreed but closed: ${why}.`,
  };
}

/** A peer by its name only where the member itself has written it. */
function nameOf(
  { metadata: { namespace, name } }: LatticeMember,
  written: readonly ServiceRef[],
): string {
  return written.some(one => one.name === name && one.namespace === namespace)
    ? formatKey({ namespace, name })
    : 'somebody whom a wildcard stands for';
}
