import { LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { agreedPeers } from './agreedPeers';
import { ClusterProfile } from './ClusterProfile';
import { findEgressProblem } from './egressRules';
import { isClosedWithoutEngine, openPorts } from './openPorts';

/** Something that a declaration asks for and its policies do not open, and why. */
export interface PolicyGap {
  readonly reason: 'EngineMissing' | 'AgreedButBlocked' | 'EgressIgnored';
  readonly message: string;
}

/** What the policies of a key leave closed although it is declared. */
export function findPolicyGaps(
  graph: AgreementGraph,
  key: ObjectKey,
  profile: ClusterProfile,
): PolicyGap[] {
  const member = graph.get(key);
  if (!member) return [];
  const { callers, callees } = agreedPeers(graph, key);
  return [
    ...engineGaps(member, profile),
    ...callers.flatMap(caller => blockedCaller(caller, member, profile)),
    ...callees.flatMap(callee => blockedCallee(member, callee, profile)),
    ...member.spec.egress.flatMap((rule, index): PolicyGap[] => {
      const problem = findEgressProblem(rule);
      return problem
        ? [
            {
              reason: 'EgressIgnored',
              message: `spec.egress[${index}]: ${problem}`,
            },
          ]
        : [];
    }),
  ];
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
