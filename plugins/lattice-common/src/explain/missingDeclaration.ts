import { stringify } from 'yaml';
import { LATTICE_API_VERSION } from '../annotations';
import { EgressRule, LatticeMember, ServiceRef } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import {
  undeclaredDependencyMessage,
  undeclaredPairMessage,
  unmatchedDependencyMessage,
} from '../messages';
import { ObjectRef } from './engines';
import { MissingDeclaration } from './types';

type Yaml = Record<string, unknown>;

/** The object in which a declaration stands. */
export function declarationRef(member: LatticeMember): ObjectRef {
  const { namespace, name } = member.fromPackage ?? member.metadata;
  return {
    kind: member.fromPackage ? 'LatticePackage' : member.kind,
    name,
    namespace,
  };
}

/** What a caller would have to declare about a callee, which may itself not be declared yet. */
export function missingDependency(
  caller: LatticeMember,
  callee: ObjectKey,
  declared: { readonly member?: LatticeMember; readonly isAllowed: boolean },
): MissingDeclaration {
  const { namespace, name } = callee;
  const far = declared.member
    ? named(declared.member)
    : { kind: 'LatticeMeshMember', namespace, name };
  return {
    object: declarationRef(caller),
    patch: addReference(caller, 'dependencies', { namespace, name }),
    sentence: declared.isAllowed
      ? undeclaredDependencyMessage(named(caller), far)
      : undeclaredPairMessage(named(caller), far),
  };
}

/** What a member would have to say for its pods to call each other; a service cannot say it. */
export function missingPeerTraffic(
  member: LatticeMember,
): MissingDeclaration | undefined {
  if (member.kind === 'LatticeService' || member.fromPackage) return undefined;
  return {
    object: declarationRef(member),
    patch: writePatch(member, { allowPeerTraffic: true }),
    sentence: `The pods of ${formatKey(
      member.metadata,
    )} may not call each other; its owner must set allowPeerTraffic.`,
  };
}

/** What a callee would have to allow. */
export function missingAllowance(
  caller: LatticeMember,
  callee: LatticeMember,
): MissingDeclaration {
  const { name } = callee.metadata;
  return {
    object: declarationRef(callee),
    patch: addReference(callee, 'allowedCallers', caller.metadata),
    sentence: `${unmatchedDependencyMessage(name)} The owner of ${
      named(callee).kind
    } ${formatKey(callee.metadata)} must allow ${formatKey(
      caller.metadata,
    )} as caller.`,
  };
}

/** A first declaration for a key that has none. What cannot be known stands as a comment. */
export function missingMember(
  key: ObjectKey,
  half:
    | { readonly allowedCaller: ObjectKey; readonly port?: number }
    | { readonly dependency: ObjectKey },
): MissingDeclaration {
  const isCallee = 'allowedCaller' in half;
  const spec = isCallee
    ? {
        ports: [{ port: half.port ?? 8080, name: 'main' }],
        allowedCallers: [writeReference(half.allowedCaller)],
      }
    : { dependencies: [writeReference(half.dependency)] };
  const { namespace, name } = key;
  const object = {
    apiVersion: LATTICE_API_VERSION,
    kind: 'LatticeMeshMember',
    metadata: { name, namespace },
    spec: { target: { selector: { 'app.kubernetes.io/name': name } }, ...spec },
  };
  return {
    object: { kind: 'LatticeMeshMember', name, namespace },
    patch: `${stringify(object)}# To be filled in: the labels of its pods${
      isCallee ? ', and every port that it opens to callers' : ''
    }.\n`,
    sentence: isCallee
      ? `${unmatchedDependencyMessage(key.name)} Nothing declares ${formatKey(
          key,
        )}: whoever runs it must declare it and allow ${formatKey(
          half.allowedCaller,
        )}.`
      : `Nothing declares ${formatKey(
          key,
        )}: whoever runs it must declare it with ${formatKey(
          half.dependency,
        )} as a dependency.`,
  };
}

/** A port that a callee would have to declare. */
export function missingPort(
  callee: LatticeMember,
  port: number,
  protocol: 'TCP' | 'UDP',
): MissingDeclaration {
  const name = `port-${port}${protocol === 'UDP' ? '-udp' : ''}`;
  const added = { port, ...(protocol === 'UDP' ? { protocol } : {}) };
  const patch =
    callee.kind === 'LatticeService'
      ? { workload: { service: { ports: { [name]: added } } } }
      : { ports: [...callee.spec.ports.map(writePort), { ...added, name }] };
  return {
    object: declarationRef(callee),
    patch: writePatch(callee, patch),
    sentence: `${named(callee).kind} ${formatKey(
      callee.metadata,
    )} does not declare ${port}/${protocol}; its owner must add the port. It then opens to every agreed caller.`,
  };
}

/** What makes a caller outside of the mesh fit for a port that asks for mTLS. */
export function missingMesh(
  caller: LatticeMember,
  callee: LatticeMember,
): MissingDeclaration {
  return {
    object: declarationRef(caller),
    patch: writePatch(caller, { ambient: true }),
    sentence: `The agreement stands, but ${formatKey(
      callee.metadata,
    )} asks for mTLS and ${formatKey(
      caller.metadata,
    )} is outside of the mesh: bring the caller in. (Otherwise the callee’s owner must make the port Permissive.)`,
  };
}

/** Egress that a caller would have to declare. */
export function missingEgress(
  caller: LatticeMember,
  target: EgressRule['target'],
  port: number | undefined,
  protocol: 'TCP' | 'UDP',
): MissingDeclaration | undefined {
  if (caller.kind === 'LatticeService' || port === undefined) return undefined;
  const rules = caller.spec.egress.map(rule => ({
    target: { ...rule.target },
    ports: [...rule.ports],
    ...(rule.protocol === 'UDP' ? { protocol: rule.protocol } : {}),
  }));
  const added = {
    target: { ...target },
    ports: [port],
    ...(protocol === 'UDP' ? { protocol } : {}),
  };
  return {
    object: declarationRef(caller),
    patch: writePatch(caller, { egress: [...rules, added] }),
    sentence: `${formatKey(
      caller.metadata,
    )} does not declare this egress; its owner must add it.`,
  };
}

function named(member: LatticeMember) {
  const { namespace, name } = member.metadata;
  return { kind: declarationRef(member).kind, namespace, name };
}

/** A merge patch replaces lists as a whole, so that the list stands there in full. */
function addReference(
  member: LatticeMember,
  field: 'allowedCallers' | 'dependencies',
  peer: ObjectKey,
): string {
  if (member.kind === 'LatticeService') {
    const resources = {
      [resourceKey(member, peer)]: resource(member, field, peer),
    };
    return writePatch(member, { workload: { resources } });
  }
  const references = [...member.spec[field], peer].map(writeReference);
  return writePatch(member, { [field]: references });
}

function writeReference({ name, namespace }: ServiceRef): Yaml {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The key under which a service already names the peer, else the peer's name unless something else has it. */
function resourceKey(service: LatticeMember, peer: ObjectKey): string {
  const held = heldKeys(service);
  const same = held.find(({ ref }) => isPeer(service, ref, peer));
  if (same) return same.key;
  return held.some(({ key }) => key === peer.name)
    ? `${peer.namespace}-${peer.name}`
    : peer.name;
}

function resource(
  service: LatticeMember,
  field: 'allowedCallers' | 'dependencies',
  peer: ObjectKey,
): Yaml {
  const other = field === 'dependencies' ? 'allowedCallers' : 'dependencies';
  const isBoth = service.spec[other].some(ref => isPeer(service, ref, peer));
  const direction = field === 'dependencies' ? 'outbound' : 'inbound';
  const key = resourceKey(service, peer);
  return {
    type: 'service',
    direction: isBoth ? 'both' : direction,
    ...(key === peer.name ? {} : { id: peer.name }),
    ...(peer.namespace === service.metadata.namespace
      ? {}
      : { namespace: peer.namespace }),
  };
}

function isPeer(
  { metadata }: LatticeMember,
  { name, namespace }: ServiceRef,
  peer: ObjectKey,
): boolean {
  return (
    name === peer.name && (namespace ?? metadata.namespace) === peer.namespace
  );
}

function heldKeys({ spec, writtenPaths = {} }: LatticeMember) {
  const prefix = 'spec.workload.resources';
  return (['allowedCallers', 'dependencies'] as const).flatMap(field =>
    spec[field].map((ref, index) => {
      const path = writtenPaths[`spec.${field}[${index}]`] ?? '';
      const key = path.slice(prefix.length).replace(/^\.|^\["|"\]$/g, '');
      return { ref, key };
    }),
  );
}

function writePort(port: LatticeMember['spec']['ports'][number]): Yaml {
  return {
    port: port.port,
    ...(port.servicePort === port.port
      ? {}
      : { servicePort: port.servicePort }),
    name: port.name,
    peerAuth: port.peerAuth,
    ...(port.protocol === 'UDP' ? { protocol: port.protocol } : {}),
  };
}

/** A package says all of it in its `mesh` block. */
function writePatch(member: LatticeMember, spec: Yaml): string {
  return stringify({ spec: member.fromPackage ? { mesh: spec } : spec });
}
