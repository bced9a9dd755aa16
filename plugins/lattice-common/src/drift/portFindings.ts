import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { InspectedPort } from './chartInspection';
import { Coverage } from './Coverage';
import { driftMessages } from './driftMessages';
import { Endpoint, portId } from './endpoints';
import { findingId, Findings } from './findings';
import { portAdded, portRemoved, writtenIn } from './memberPatch';
import { declarePorts } from './portNames';
import { DriftKinds } from './types';

function undeclared(
  member: LatticeMember,
  endpoint: Endpoint,
  port: InspectedPort,
  to: Findings,
): void {
  const { workload } = endpoint;
  const id = findingId(
    DriftKinds.UndeclaredPort,
    formatKey(member.metadata),
    workload.kind,
    workload.name,
    portId(port),
  );
  if (to.note(id, [endpoint])) {
    return;
  }
  const [declaration] = declarePorts([port], member.spec.ports, member.kind);
  const patch = declaration && portAdded(member, declaration);
  const object = writtenIn(member);
  to.add(
    {
      id,
      kind: DriftKinds.UndeclaredPort,
      severity: 'warning',
      object,
      workload,
      port,
      ...(endpoint.package ? { package: endpoint.package } : {}),
      message: patch
        ? driftMessages.undeclaredPort(port, workload, object)
        : driftMessages.undeclarablePort(port, workload),
      ...(patch ? { patch } : {}),
    },
    [endpoint],
  );
}

/** Ports that covered pods open and no member of theirs declares. The first member that selects them gets the patch. */
export function findUndeclaredPorts(coverage: Coverage, to: Findings): void {
  for (const endpoint of coverage.endpoints) {
    const members = coverage.membersOf(endpoint);
    const declared = new Set(
      members.flatMap(({ spec }) => spec.ports.map(portId)),
    );
    const holder =
      members.find(({ kind }) => kind === 'LatticeMeshMember') ?? members[0];
    if (holder) {
      endpoint.ports
        .filter(port => !declared.has(portId(port)))
        .forEach(port => undeclared(holder, endpoint, port, to));
    }
  }
}

/** Ports that members declare and none of their pods opens. */
export function findUnopenedPorts(coverage: Coverage, to: Findings): void {
  for (const member of coverage.members) {
    const endpoints = coverage.endpointsOf(member);
    const open = new Set(endpoints.flatMap(({ ports }) => ports.map(portId)));
    const unopened =
      endpoints.length > 0
        ? member.spec.ports.filter(port => !open.has(portId(port)))
        : [];
    const object = writtenIn(member);
    for (const port of unopened) {
      const { port: number, protocol, name } = port;
      const isKnown = open.size > 0;
      const patch = isKnown ? portRemoved(member, port) : undefined;
      const shown = { port: number, protocol, name };
      to.add(
        {
          id: findingId(
            DriftKinds.UnopenedPort,
            formatKey(member.metadata),
            portId(port),
          ),
          kind: DriftKinds.UnopenedPort,
          severity: isKnown ? 'warning' : 'info',
          object,
          workload: endpoints[0].workload,
          port: shown,
          ...(endpoints[0].package ? { package: endpoints[0].package } : {}),
          message: isKnown
            ? driftMessages.unopenedPort(shown, object)
            : driftMessages.portsUnknown(shown, object),
          ...(patch ? { patch } : {}),
        },
        endpoints,
      );
    }
  }
}
