import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { chooseSelector } from './chooseSelector';
import { Coverage } from './Coverage';
import { draftMember, selectorFor } from './draftMember';
import { driftMessages } from './driftMessages';
import { Endpoint, portId } from './endpoints';
import { findingId, Findings } from './findings';
import { selectorChanged, writtenIn } from './memberPatch';
import { DriftKinds, SuggestedPatch } from './types';

/** The member that covered a workload before, when there was one. */
export type FormerMember = (endpoint: Endpoint) => LatticeMember | undefined;

function coverPatch(
  endpoint: Endpoint,
  coverage: Coverage,
  former: LatticeMember | undefined,
): SuggestedPatch | undefined {
  if (endpoint.hostNetwork) {
    return undefined;
  }
  const kept = former ? coverage.endpointsOf(former) : [];
  const own = [endpoint, ...kept];
  const all = coverage.inNamespace(endpoint.workload.namespace);
  const selector =
    former &&
    (kept.length === 0
      ? selectorFor(endpoint, coverage)
      : chooseSelector({
          include: own.map(({ labels }) => labels),
          exclude: all
            .filter(other => !own.includes(other))
            .map(({ labels }) => labels),
        }));
  const patch = former && selector && selectorChanged(former, selector);
  return patch ?? draftMember(endpoint, coverage);
}

function uncoveredMessage(
  { workload, hostNetwork }: Endpoint,
  patch: SuggestedPatch | undefined,
): string {
  if (hostNetwork) {
    return driftMessages.onHostNetwork(workload);
  }
  return patch
    ? driftMessages.uncovered(workload)
    : driftMessages.unselectable(workload);
}

/** Pods of packages that no member selects. */
export function findUncovered(
  coverage: Coverage,
  to: Findings,
  formerMember: FormerMember = () => undefined,
): void {
  const uncovered = coverage.endpoints.filter(
    endpoint => endpoint.package && coverage.membersOf(endpoint).length === 0,
  );
  for (const endpoint of uncovered) {
    const { workload } = endpoint;
    const id = findingId(
      DriftKinds.UncoveredWorkload,
      workload.namespace,
      workload.kind,
      workload.name,
      ...(endpoint.hostNetwork ? ['hostNetwork'] : []),
    );
    if (!to.note(id, [endpoint])) {
      const patch = coverPatch(endpoint, coverage, formerMember(endpoint));
      to.add(
        {
          id,
          kind: DriftKinds.UncoveredWorkload,
          severity: 'error',
          workload,
          package: endpoint.package,
          message: uncoveredMessage(endpoint, patch),
          ...(patch ? { object: patch.object, patch } : {}),
        },
        [endpoint],
      );
    }
  }
}

/** Uncovered endpoints that a member seems to be meant for: of its package, of its name, or the only ones with its ports. */
function meantEndpoints(
  member: LatticeMember,
  coverage: Coverage,
): readonly Endpoint[] {
  const { name, namespace } = member.fromPackage ?? member.metadata;
  const free = coverage
    .inNamespace(member.metadata.namespace)
    .filter(one => !one.hostNetwork && coverage.membersOf(one).length === 0);
  const ofPackage = free.filter(
    one => one.package?.name === name && one.package.namespace === namespace,
  );
  const ofName = free.filter(one => one.workload.name === name);
  const declared = new Set(member.spec.ports.map(portId));
  const withPorts = free.filter(({ ports }) =>
    ports.some(port => declared.has(portId(port))),
  );
  const isOneWorkload =
    new Set(withPorts.map(({ workload }) => workload.name)).size === 1;
  return (
    [ofPackage, ofName, isOneWorkload ? withPorts : []].find(
      some => some.length > 0,
    ) ?? []
  );
}

function mendedSelector(
  member: LatticeMember,
  coverage: Coverage,
): SuggestedPatch | undefined {
  const meant = meantEndpoints(member, coverage);
  const selector = chooseSelector({
    include: meant.map(({ labels }) => labels),
    exclude: coverage
      .inNamespace(member.metadata.namespace)
      .filter(one => !meant.includes(one))
      .map(({ labels }) => labels),
  });
  return selector && selectorChanged(member, selector);
}

/** Members whose selector matches nothing. `isExpected` says of which of them something is to be expected. */
export function findNothingSelected(
  coverage: Coverage,
  to: Findings,
  isExpected: (member: LatticeMember) => boolean,
): void {
  const idle = coverage.members.filter(
    member =>
      'selector' in member.spec.target &&
      coverage.endpointsOf(member).length === 0 &&
      isExpected(member),
  );
  for (const member of idle) {
    const object = writtenIn(member);
    const patch = mendedSelector(member, coverage);
    to.add(
      {
        id: findingId(DriftKinds.NothingSelected, formatKey(member.metadata)),
        kind: DriftKinds.NothingSelected,
        severity: 'warning',
        object,
        message: driftMessages.nothingSelected(object),
        ...(patch ? { patch } : {}),
      },
      [],
    );
  }
}
