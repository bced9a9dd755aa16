import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { chooseSelector } from './chooseSelector';
import { Coverage } from './Coverage';
import { driftMessages } from './driftMessages';
import { Endpoint } from './endpoints';
import { findingId, Findings } from './findings';
import { selectorChanged, writtenIn } from './memberPatch';
import { DriftKinds, SuggestedPatch } from './types';

function labelCount({ spec }: LatticeMember): number {
  return 'selector' in spec.target
    ? Object.keys(spec.target.selector).length
    : 0;
}

/** The one with fewer labels first, then by key, so that a pair is always told the same way. */
function ordered(
  a: LatticeMember,
  b: LatticeMember,
): [wider: LatticeMember, other: LatticeMember] {
  const difference = labelCount(a) - labelCount(b);
  const isFirst =
    difference < 0 ||
    (difference === 0 && formatKey(a.metadata) > formatKey(b.metadata));
  return isFirst ? [a, b] : [b, a];
}

/** Takes the shared endpoints away from a member by a label that only its other pods have. */
function narrowed(
  member: LatticeMember,
  shared: readonly Endpoint[],
  coverage: Coverage,
): SuggestedPatch | undefined {
  const rest = coverage
    .endpointsOf(member)
    .filter(one => !shared.includes(one));
  const { target } = member.spec;
  const selector = chooseSelector({
    include: rest.map(({ labels }) => labels),
    exclude: shared.map(({ labels }) => labels),
    ...('selector' in target ? { keep: target.selector } : {}),
  });
  return selector && selectorChanged(member, selector);
}

function sharedEndpoints(coverage: Coverage) {
  const pairs = new Map<
    string,
    { pair: [LatticeMember, LatticeMember]; endpoints: Endpoint[] }
  >();
  for (const endpoint of coverage.endpoints) {
    const members = coverage.membersOf(endpoint);
    members.forEach((one, index) =>
      members.slice(index + 1).forEach(two => {
        const pair = ordered(one, two);
        const id = findingId(
          DriftKinds.OverlappingMembers,
          ...pair.map(({ metadata }) => formatKey(metadata)),
        );
        const known = pairs.get(id);
        if (known) {
          known.endpoints.push(endpoint);
        } else {
          pairs.set(id, { pair, endpoints: [endpoint] });
        }
      }),
    );
  }
  return pairs;
}

/** Pairs of members that select the same pods: what either allows is allowed. */
export function findOverlaps(coverage: Coverage, to: Findings): void {
  for (const [id, { pair, endpoints }] of sharedEndpoints(coverage)) {
    const [wider, other] = pair;
    const patch =
      narrowed(wider, endpoints, coverage) ??
      narrowed(other, endpoints, coverage);
    const workloads = new Map(
      endpoints.map(({ workload }) => [
        `${workload.kind}/${workload.name}`,
        workload,
      ]),
    );
    const [first] = endpoints;
    to.add(
      {
        id,
        kind: DriftKinds.OverlappingMembers,
        severity: 'error',
        object: patch?.object ?? writtenIn(wider),
        workload: first.workload,
        ...(first.package ? { package: first.package } : {}),
        message: driftMessages.overlap(writtenIn(wider), writtenIn(other), [
          ...workloads.values(),
        ]),
        ...(patch ? { patch } : {}),
      },
      endpoints,
    );
  }
}
