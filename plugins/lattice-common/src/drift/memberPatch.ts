import { LATTICE_API_VERSION } from '../annotations';
import {
  LatticeMember,
  MemberPort,
  MemberSpec,
  MemberTarget,
} from '../api/memberModel';
import { JsonObject, JsonValue, ObjectKey } from '../api/object';
import { portId } from './endpoints';
import { isAdmitted } from './memberRules';
import { Labels, PatchedObject, SuggestedPatch } from './types';

/** The object in which a member is written: itself, or the package whose `mesh` block it is. */
export function writtenIn(member: LatticeMember): PatchedObject {
  const { fromPackage, kind, metadata } = member;
  const key = fromPackage ?? metadata;
  return {
    kind: fromPackage ? 'LatticePackage' : kind,
    namespace: key.namespace,
    name: key.name,
  };
}

function writtenPort(port: MemberPort): JsonObject {
  return {
    port: port.port,
    ...(port.servicePort === port.port
      ? {}
      : { servicePort: port.servicePort }),
    name: port.name,
    ...(port.peerAuth === 'Strict' ? {} : { peerAuth: port.peerAuth }),
    ...(port.protocol === 'TCP' ? {} : { protocol: port.protocol }),
  };
}

/** Ports as a member writes them. */
export function writtenPorts(ports: readonly MemberPort[]): JsonValue {
  return ports.map(writtenPort);
}

/** What changes a map of labels from one to the other: a merge patch keeps what it does not name. */
function labelsPatch(before: Labels, after: Labels): JsonObject {
  const removed = Object.keys(before)
    .filter(key => !Object.hasOwn(after, key))
    .map((key): [string, JsonValue] => [key, null]);
  const set = Object.entries(after).filter(
    ([key, value]) => before[key] !== value,
  );
  return Object.fromEntries([...removed, ...set]);
}

function selectorPatch(member: LatticeMember, selector: Labels): JsonObject {
  const { target } = member.spec;
  const isNested = Object.values(member.writtenPaths ?? {}).some(path =>
    path.endsWith('selector.matchLabels'),
  );
  const labels = labelsPatch(
    'selector' in target ? target.selector : {},
    selector,
  );
  const written = { selector: isNested ? { matchLabels: labels } : labels };
  if (member.fromPackage) {
    return written;
  }
  return {
    target: 'selector' in target ? written : { namespace: null, ...written },
  };
}

/** Where the fields of a member's `spec` stand in the object that it is written in. */
function inSpec(member: LatticeMember, fields: JsonObject): JsonObject {
  return member.fromPackage ? { spec: { mesh: fields } } : { spec: fields };
}

function offer(
  member: LatticeMember,
  change: Partial<MemberSpec>,
  merge: JsonObject,
): SuggestedPatch | undefined {
  const after = { ...member, spec: { ...member.spec, ...change } };
  return isAdmitted(after, member)
    ? { object: writtenIn(member), creates: false, merge }
    : undefined;
}

/** A patch that declares one more port. */
export function portAdded(
  member: LatticeMember,
  port: MemberPort,
): SuggestedPatch | undefined {
  const ports = [...member.spec.ports, port];
  if (member.kind === 'LatticeService') {
    const { name, port: number, protocol } = port;
    const added = { port: number, ...(protocol === 'UDP' ? { protocol } : {}) };
    return offer(
      member,
      { ports },
      { spec: { workload: { service: { ports: { [name]: added } } } } },
    );
  }
  return offer(
    member,
    { ports },
    inSpec(member, { ports: writtenPorts(ports) }),
  );
}

/** A patch that declares a port no longer, however often it stands there. */
export function portRemoved(
  member: LatticeMember,
  port: MemberPort,
): SuggestedPatch | undefined {
  const isGone = (one: MemberPort) => portId(one) === portId(port);
  const ports = member.spec.ports.filter(one => !isGone(one));
  if (member.kind === 'LatticeService') {
    const removed = Object.fromEntries(
      member.spec.ports.filter(isGone).map(({ name }) => [name, null]),
    );
    return offer(
      member,
      { ports },
      { spec: { workload: { service: { ports: removed } } } },
    );
  }
  return offer(
    member,
    { ports },
    inSpec(member, { ports: writtenPorts(ports) }),
  );
}

/** A patch that selects other pods. A service has no selector of its own. */
export function selectorChanged(
  member: LatticeMember,
  selector: Labels,
): SuggestedPatch | undefined {
  if (member.kind === 'LatticeService') {
    return undefined;
  }
  const target: MemberTarget = { selector };
  return offer(
    member,
    { target },
    inSpec(member, selectorPatch(member, selector)),
  );
}

/** A patch that names another account. Services and `mesh` blocks cannot. */
export function accountChanged(
  member: LatticeMember,
  serviceAccount: string,
): SuggestedPatch | undefined {
  if (member.kind === 'LatticeService' || member.fromPackage) {
    return undefined;
  }
  return offer(member, { serviceAccount }, inSpec(member, { serviceAccount }));
}

/** What a new member says. Nobody may call it: that is for people to add. */
export interface NewMember extends ObjectKey {
  readonly selector: Labels;
  readonly ports: readonly MemberPort[];
  readonly serviceAccount?: string;
}

/** A whole member where there is none. */
export function memberCreated(wanted: NewMember): JsonObject {
  const { namespace, name, selector, ports, serviceAccount } = wanted;
  return {
    apiVersion: LATTICE_API_VERSION,
    kind: 'LatticeMeshMember',
    metadata: { namespace, name },
    spec: {
      target: { selector: { ...selector } },
      ports: writtenPorts(ports),
      ...(serviceAccount === undefined ? {} : { serviceAccount }),
      allowedCallers: [],
      dependencies: [],
    },
  };
}
