import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { DEFAULT_API_SERVER_ENTITIES } from '../policies/ClusterProfile';
import { externalPeers } from '../policies/egressRules';
import { findMemberProblem } from '../policies/memberTarget';
import { isInMesh, NetworkPort, portMode } from '../policies/openPorts';
import { withExternals } from '../policies/withExternals';
import { findAllowance, findDependency } from './declares';
import { listPorts } from './describeDecision';
import { EngineView } from './EngineView';
import { ExplainPod, ObjectRef } from './engines';
import { exposureWarnings } from './exposureWarnings';
import { formatRef, refOf } from './engines/match';
import { declarationRef } from './missingDeclaration';
import { resolveEnd } from './resolveEnd';
import { ExplainWorld } from './types';
import { usablePorts } from './usablePorts';

/** Entries of an exposure when nothing else is asked for. */
export const MAX_EXPOSURE_ENTRIES = 200;

/** How somebody comes to reach a service. */
export type ReachedThrough =
  /** Both sides have declared it. */
  | 'agreement'
  /** Pods of the service itself. */
  | 'peerTraffic'
  /** The API server, on Webhook ports. */
  | 'webhook'
  /** An agreement of another member that selects the same pods. */
  | 'overlap'
  /** A policy that Lattice did not write. */
  | 'foreignPolicy';

/** Somebody who can reach a service, and by what. */
export interface Reach {
  readonly through: ReachedThrough;
  /** Absent for those outside, and for whomever a policy of others lets in. */
  readonly caller?: ObjectKey;
  /** The service's own ports; empty when a policy of others says which. */
  readonly ports: readonly NetworkPort[];
  /** The caller stands for a whole namespace, future pods included. */
  readonly isWholeNamespace: boolean;
  /** Neither side names the other. */
  readonly isWildcard: boolean;
  /** Ports that take this caller without a proved identity. */
  readonly isPlaintext: boolean;
  /** Where it is declared: the caller's object first. */
  readonly declaredIn: readonly ObjectRef[];
  readonly sentence: string;
}

/** Who can reach a service, and what of it is not protected. */
export interface Exposure {
  readonly key: ObjectKey;
  readonly reachedBy: readonly Reach[];
  /** How many entries are left out of `reachedBy`. */
  readonly more: number;
  /** Where the service itself may go outside. */
  readonly opensTo: readonly {
    readonly peer: Readonly<Record<string, unknown>>;
    readonly ports: readonly NetworkPort[];
  }[];
  /** What is not protected, or less than it seems. */
  readonly warnings: readonly string[];
}

/**
 * Everyone who can reach a service, by which declaration. Bounded; `undefined` when nothing declares the key.
 */
export function exposureOf(
  key: ObjectKey,
  world: ExplainWorld,
  { limit = MAX_EXPOSURE_ENTRIES } = {},
): Exposure | undefined {
  const { graph, profile } = world;
  const member = graph.get(key);
  if (!member) return undefined;
  const view = new EngineView(world);
  const pods = resolveEnd(member.metadata, world).ends.filter(isExplainPod);
  const others = overlapping(member, pods, world, view);
  const isExpressible = !findMemberProblem(member, profile);
  const reaches = [
    ...(isExpressible ? ownReaches(member, world) : []),
    ...others.flatMap(other =>
      callersOf(other, world).map(reach =>
        throughOverlap(reach, member, other),
      ),
    ),
    ...foreignReaches(pods, view),
  ];
  return {
    key: { namespace: key.namespace, name: key.name },
    reachedBy: reaches.slice(0, limit),
    more: Math.max(0, reaches.length - limit),
    opensTo: isExpressible ? externalPeers(withExternals(graph, member)) : [],
    warnings: exposureWarnings(member, pods, others, world),
  };
}

function isExplainPod(end: object): end is ExplainPod {
  return !('outside' in end);
}

function ownReaches(member: LatticeMember, world: ExplainWorld): Reach[] {
  const webhooks = member.spec.ports.filter(
    port => portMode(member, port) === 'Webhook',
  );
  const entities =
    world.profile.apiServerEntities ?? DEFAULT_API_SERVER_ENTITIES;
  return [
    ...callersOf(member, world),
    ...(member.spec.allowPeerTraffic ? [peerReach(member, world)] : []),
    ...(webhooks.length > 0
      ? [
          {
            ...nobodySpecial(webhooks),
            through: 'webhook' as const,
            isPlaintext: true,
            declaredIn: [declarationRef(member)],
            sentence: `The API server (${entities.join(
              ', ',
            )}) reaches ${listPorts(webhooks)}: Webhook.`,
          },
        ]
      : []),
  ];
}

/** Agreed callers that have a port to use. */
function callersOf(
  callee: LatticeMember,
  { graph, profile }: ExplainWorld,
): Reach[] {
  return graph.agreedCallers(callee.metadata).flatMap((caller): Reach[] => {
    if (findMemberProblem(caller, profile)) return [];
    const ports = usablePorts(caller, callee, profile);
    if (ports.length === 0) return [];
    const dependency = findDependency(caller, callee.metadata);
    const allowance = findAllowance(callee, caller.metadata);
    const isWholeNamespace = 'namespace' in caller.spec.target;
    const isWildcard = [dependency, allowance].every(
      one => one?.how !== 'name',
    );
    const name = formatKey(caller.metadata);
    const who = isWholeNamespace
      ? `Every pod of namespace ${caller.metadata.namespace} (${name})`
      : name;
    return [
      {
        through: 'agreement',
        caller: keyOf(caller),
        ports: ports.map(networkPort),
        isWholeNamespace,
        isWildcard,
        isPlaintext: !(isInMesh(caller, profile) && isInMesh(callee, profile)),
        declaredIn: [declarationRef(caller), declarationRef(callee)],
        sentence: `${who} reaches ${listPorts(ports)}: it declares ${formatKey(
          callee.metadata,
        )} (${dependency?.path}), which allows it (${allowance?.path}).`,
      },
    ];
  });
}

function peerReach(member: LatticeMember, { profile }: ExplainWorld): Reach {
  const ports = usablePorts(member, member, profile);
  return {
    ...nobodySpecial(ports),
    through: 'peerTraffic',
    caller: keyOf(member),
    isWholeNamespace: 'namespace' in member.spec.target,
    isPlaintext: !isInMesh(member, profile),
    declaredIn: [declarationRef(member)],
    sentence: `Its own pods reach ${listPorts(ports)}: allowPeerTraffic.`,
  };
}

function throughOverlap(
  reach: Reach,
  member: LatticeMember,
  other: LatticeMember,
): Reach {
  return {
    ...reach,
    through: 'overlap',
    sentence: `${reach.sentence} Pods of ${formatKey(
      member.metadata,
    )} are pods of ${formatKey(other.metadata)}, too.`,
  };
}

/** Policies of others that are about its pods. What each lets in is for its author to say. */
function foreignReaches(
  pods: readonly ExplainPod[],
  view: EngineView,
): Reach[] {
  const about = new Map(
    pods
      .flatMap(pod =>
        view.foreignAbout({ from: pod, to: pod, port: 0, protocol: 'TCP' }),
      )
      .filter(policy => mayLetIn(policy))
      .map(policy => [formatRef(refOf(policy)), policy]),
  );
  return [...about.values()].map(policy => ({
    ...nobodySpecial([]),
    through: 'foreignPolicy',
    declaredIn: [refOf(policy)],
    sentence: `${formatRef(
      refOf(policy),
    )}, which Lattice did not write, is about these pods and may let others in.`,
  }));
}

function mayLetIn({ kind, spec }: { kind: string; spec?: unknown }): boolean {
  const {
    ingress,
    action = 'ALLOW',
    rules,
  } = (spec ?? {}) as Record<string, unknown>;
  if (kind === 'PeerAuthentication') return false;
  if (kind === 'AuthorizationPolicy')
    return action === 'ALLOW' && Array.isArray(rules) && rules.length > 0;
  return Array.isArray(ingress) && ingress.length > 0;
}

function overlapping(
  member: LatticeMember,
  pods: readonly ExplainPod[],
  { graph, profile }: ExplainWorld,
  view: EngineView,
): LatticeMember[] {
  const own = formatKey(member.metadata);
  const ids = new Map(
    pods.flatMap(pod => view.membersOf(pod)).map(key => [formatKey(key), key]),
  );
  ids.delete(own);
  return [...ids.values()].flatMap(key => {
    const other = graph.get(key);
    return other && !findMemberProblem(other, profile) ? [other] : [];
  });
}

function nobodySpecial(ports: readonly NetworkPort[]) {
  return {
    ports: ports.map(networkPort),
    isWholeNamespace: false,
    isWildcard: false,
    isPlaintext: false,
  };
}

function keyOf({ metadata }: LatticeMember): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name };
}

function networkPort({ port, protocol }: NetworkPort): NetworkPort {
  return { port, protocol };
}
