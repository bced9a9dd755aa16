import {
  AgreedPeers,
  agreedPeers,
  AgreementEdge,
  ClusterProfile,
  EdgeState,
  findPolicyGaps,
  formatKey,
  isEqualJson,
  KubernetesObject,
  LatticeMember,
  MemberReasons,
  ObjectKey,
  openPorts,
  readMemberStatus,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import { EventNote } from '../events/EventWriter';
import { findIdentityConflicts } from './identityConflicts';
import { agreementVerdict } from './memberConditions';
import { memberNotes } from './memberNotes';
import { memberStatus } from './memberStatus';
import { MeshWorld } from './MeshWorld';
import { PolicyOutcome } from './policyOutcome';
import { PolicyView } from './PolicyView';
import { Surroundings } from './surroundings';

/** What the reporter is built from. */
export interface MemberReporterOptions {
  readonly client: ClusterClient;
  readonly world: MeshWorld;
  readonly profile: ClusterProfile;
  readonly view: PolicyView;
  readonly now: () => Date;
  /** Takes what people should hear of; never fails. */
  readonly note: (note: EventNote) => void;
}

/** What is asked for each edge anew and found out once. */
interface OwnSide {
  readonly isApplied: () => boolean;
  readonly peers: () => AgreedPeers;
}

/** Tells on the declarations, and in Events, how far their agreements have come. */
export class MemberReporter {
  readonly #client: ClusterClient;
  readonly #world: MeshWorld;
  readonly #options: MemberReporterOptions;
  /** What was last told of services that another controller owns: their status is not ours. */
  readonly #told = new Map<string, string>();

  constructor(options: MemberReporterOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#world = options.world;
  }

  /** The status of one object, written only when it has changed. */
  async report(
    key: ObjectKey,
    object: KubernetesObject,
    outcome: PolicyOutcome,
    signal: AbortSignal,
  ): Promise<void> {
    const { world, profile, view, note, now } = this.#options;
    const declaration = world.graph.get(key);
    const own = {
      isApplied: once(() => view.isApplied(key, outcome.live)),
      peers: once(() => agreedPeers(world.graph, key)),
    };
    const status = memberStatus({
      object,
      outcome,
      declaration,
      edges: this.#declaredEdges(key),
      gaps: findPolicyGaps(world.graph, key, profile),
      conflicts: declaration
        ? findIdentityConflicts(
            declaration,
            world.peersInNamespace(declaration),
          )
        : [],
      surroundings: this.#surroundings(key, declaration),
      stateOf: edge => this.#stateOf(key, edge, own),
      now: now(),
    });
    if (isEqualJson(status, object.status)) return;
    const { conditions } = readMemberStatus(object.status);
    await this.#client.replaceStatus(
      KINDS[object.kind as LatticeMember['kind']],
      { ...object, status },
      { signal },
    );
    memberNotes(object, conditions, status.conditions).forEach(note);
  }

  /** What a service of another controller waits for, once: an Event is all that we write for it. */
  tellService(key: ObjectKey, service: KubernetesObject | undefined): void {
    if (!service) {
      this.#told.delete(formatKey(key));
      return;
    }
    const declaration = this.#world.graph.get(key);
    const edges = this.#declaredEdges(key).filter(
      ({ state }) => state === 'halfCaller',
    );
    const verdict = agreementVerdict({ declaration, edges });
    const isAmiss = verdict?.reason === MemberReasons.OutboundUnmatched;
    const message = isAmiss ? verdict.message : '';
    const before = this.#told.get(formatKey(key)) ?? '';
    if (message === before) return;
    if (message) this.#told.set(formatKey(key), message);
    else this.#told.delete(formatKey(key));
    this.#options.note({
      regarding: service,
      action: 'Reconcile',
      type: isAmiss ? 'Warning' : 'Normal',
      reason: verdict?.reason ?? MemberReasons.NoAgreements,
      message: message || 'Nothing that it declares waits any more.',
    });
  }

  #surroundings(
    { namespace }: ObjectKey,
    declaration: LatticeMember | undefined,
  ): Surroundings {
    const pods = declaration ? this.#world.podsOf(declaration) : [];
    return {
      pods,
      namespace: this.#world.cache(KINDS.Namespace).get({ name: namespace }),
      foreign: this.#world.foreign.about(namespace, pods),
      isMeshServed: this.#options.profile.engines.istio,
    };
  }

  /** Agreements that this side has a part in by its own words; what only others declare is their business. */
  #declaredEdges(key: ObjectKey): AgreementEdge[] {
    return this.#world.graph.edgesOf(key).filter(({ caller, state }) => {
      const isOutbound = formatKey(caller) === formatKey(key);
      return (
        state === 'agreed' ||
        state === (isOutbound ? 'halfCaller' : 'halfCallee')
      );
    });
  }

  #stateOf(
    key: ObjectKey,
    { caller, callee, state }: AgreementEdge,
    own: OwnSide,
  ): EdgeState {
    if (state !== 'agreed') return state;
    const { view, world, profile } = this.#options;
    const [from, to] = [world.graph.get(caller), world.graph.get(callee)];
    if (!from || !to) return 'unknown';
    if (openPorts(from, to, profile).length === 0) return 'refused';
    const isOutbound = formatKey(caller) === formatKey(key);
    const peer = isOutbound ? callee : caller;
    const others = agreedPeers(world.graph, peer);
    const [callers, callees] = isOutbound
      ? [others, own.peers()]
      : [own.peers(), others];
    if (isLeftOut({ callers, callees }, from, to)) return 'refused';
    const isEnforced =
      own.isApplied() &&
      view.isApplied(peer) &&
      !view.isHeldBack(caller, callee);
    return isEnforced ? 'enforced' : 'agreed';
  }
}

/** Whether either side has more partners than one policy can hold, and this one is among the rest. */
function isLeftOut(
  { callers, callees }: { callers: AgreedPeers; callees: AgreedPeers },
  caller: LatticeMember,
  callee: LatticeMember,
): boolean {
  const isAmong = (list: readonly LatticeMember[], one: LatticeMember) =>
    list.some(
      ({ metadata }) => formatKey(metadata) === formatKey(one.metadata),
    );
  return (
    (callers.leftOut.callers > 0 && !isAmong(callers.callers, caller)) ||
    (callees.leftOut.callees > 0 && !isAmong(callees.callees, callee))
  );
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
