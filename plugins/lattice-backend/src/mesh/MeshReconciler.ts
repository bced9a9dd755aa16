import {
  AdmissionRules,
  ClusterProfile,
  FieldProblem,
  KubernetesObject,
  LatticeMember,
  MemberReasons,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import { EventNote } from '../events/EventWriter';
import { Baselines } from './Baselines';
import {
  addMemberFinalizer,
  hasMemberFinalizer,
  removeMemberFinalizer,
} from './memberFinalizer';
import { MemberReporter } from './MemberReporter';
import { MeshWorld } from './MeshWorld';
import { PolicyOutcome } from './policyOutcome';
import { PolicySettler } from './PolicySettler';
import { PolicyView } from './PolicyView';
import { readDeclaration } from './readDeclaration';

/** When to look again at something that is not complete yet. Its completion wakes us anyway. */
const INCOMPLETE_MS = 2_000;
/** When to look again after somebody else wrote first, or our own write has not come back yet. */
const STALE_MS = 200;

/** What the reconciler is built from. */
export interface MeshReconcilerOptions {
  readonly client: ClusterClient;
  readonly world: MeshWorld;
  readonly profile: ClusterProfile;
  readonly baselines: Baselines;
  readonly rules: AdmissionRules;
  readonly now: () => Date;
  /** Takes what people should hear of; never fails. */
  readonly note: (note: EventNote) => void;
}

/** Brings one key's policies, finalizer and status to what is declared. */
export class MeshReconciler {
  readonly #client: ClusterClient;
  readonly #world: MeshWorld;
  readonly #profile: ClusterProfile;
  readonly #settler: PolicySettler;
  readonly #reporter: MemberReporter;
  readonly #options: MeshReconcilerOptions;

  constructor(options: MeshReconcilerOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#world = options.world;
    this.#profile = options.profile;
    const view = new PolicyView(options.world, options.profile);
    this.#settler = new PolicySettler({ ...options, view });
    this.#reporter = new MemberReporter({ ...options, view });
  }

  /** One pass. The world is read anew; a pass with nothing to do writes nothing. */
  async reconcile(
    id: string,
    { signal }: { signal: AbortSignal },
  ): Promise<{ requeueAfterMs?: number } | undefined> {
    const key = parseId(id);
    if (this.#world.readiness().state === 'incomplete')
      return { requeueAfterMs: INCOMPLETE_MS };
    const member = this.#world.cache(KINDS.LatticeMeshMember).get(key);
    if (member && isDeleting(member) && this.#isStillDeclared(key, member))
      return { requeueAfterMs: STALE_MS };
    try {
      if (this.#needsFinalizer(key, member)) {
        // Before the first policy; the change of the member brings the next pass.
        await addMemberFinalizer(this.#client, member!, signal);
        return undefined;
      }
      const { outcome, failure } = await this.#settlePolicies(key, signal);
      if (member && isDeleting(member) && mayGo(outcome)) {
        await removeMemberFinalizer(this.#client, member, signal);
      }
      await this.#report(key, outcome, signal);
      if (failure) throw failure;
      return undefined;
    } catch (error) {
      if (isStale(error)) return { requeueAfterMs: STALE_MS };
      throw error;
    }
  }

  /** The graph is behind the cache: what is being deleted must not count as applied. */
  #isStillDeclared(key: ObjectKey, member: KubernetesObject): boolean {
    return this.#world.graph.get(key)?.kind === member.kind;
  }

  #needsFinalizer(
    key: ObjectKey,
    member: KubernetesObject | undefined,
  ): boolean {
    return (
      member !== undefined &&
      !isDeleting(member) &&
      !hasMemberFinalizer(member) &&
      this.#problems(key).length === 0 &&
      this.#world.readiness().state === 'ready'
    );
  }

  async #settlePolicies(
    key: ObjectKey,
    signal: AbortSignal,
  ): Promise<{ outcome: PolicyOutcome; failure?: unknown }> {
    const live = this.#world.livePolicies(key);
    const frozen = this.#findFreeze(key);
    if (frozen) return { outcome: { ...frozen, live } };
    await this.#settleBaseline(key, signal);
    const managed = this.#world.managed(key);
    const declaration = managed ?? this.#declaration(key);
    const input = { key, live, declaration, signal };
    try {
      const outcome = managed
        ? await this.#settler.apply(input)
        : await this.#settler.retire(input);
      return { outcome };
    } catch (error) {
      const isRefused =
        isClusterError(error, 'Invalid') || isClusterError(error, 'Forbidden');
      if (!isRefused) throw error;
      const outcome = { kind: 'failed', message: error.message, live } as const;
      return { outcome, failure: error };
    }
  }

  /** Before the first policy. Where it is refused, its own loop tells; the member's policies stand without it. */
  async #settleBaseline(
    { namespace }: ObjectKey,
    signal: AbortSignal,
  ): Promise<void> {
    const { baselines } = this.#options;
    if (baselines.isWanted(namespace) && !baselines.isStanding(namespace))
      await baselines.settle(namespace, signal);
  }

  #findFreeze(
    key: ObjectKey,
  ): Omit<PolicyOutcome & { kind: 'frozen' }, 'live'> | undefined {
    const readiness = this.#world.readiness();
    if (readiness.state === 'engineLost')
      return {
        kind: 'frozen',
        reason: MemberReasons.EngineLost,
        message: `${readiness.engine} is configured for this cluster, but its resources are not served.`,
      };
    const problems = this.#problems(key);
    return problems.length > 0
      ? {
          kind: 'frozen',
          reason: MemberReasons.InvalidSpec,
          message: problems
            .map(({ path, message }) => `${path} ${message}`)
            .join('; '),
        }
      : undefined;
  }

  /** What a key declares, or did at last, as far as it can be read. */
  #declaration(key: ObjectKey): LatticeMember | undefined {
    const member = this.#world.cache(KINDS.LatticeMeshMember).get(key);
    const read = member && this.#read(member);
    return read?.ok ? read.value : this.#world.managed(key);
  }

  /** What is wrong with the declaration that counts. */
  #problems(key: ObjectKey): readonly FieldProblem[] {
    const object = this.#reported(key);
    if (!object || isDeleting(object)) return [];
    const read = this.#read(object);
    return read.ok ? [] : read.problems;
  }

  #read(object: KubernetesObject) {
    return readDeclaration(object, this.#options.rules, this.#profile);
  }

  /** The object on which this key's state is reported: the member, else a service of ours. */
  #reported(key: ObjectKey): KubernetesObject | undefined {
    const member = this.#world.cache(KINDS.LatticeMeshMember).get(key);
    const service = this.#world.cache(KINDS.LatticeService).get(key);
    const isOurs = this.#world.ownsServices;
    return member ?? (isOurs ? service : undefined);
  }

  async #report(
    key: ObjectKey,
    outcome: PolicyOutcome,
    signal: AbortSignal,
  ): Promise<void> {
    const object = this.#reported(key);
    if (!object) {
      const service = this.#world.cache(KINDS.LatticeService).get(key);
      this.#reporter.tellService(key, service);
      return;
    }
    if (isDeleting(object) && mayGo(outcome)) return;
    await this.#reporter.report(key, object, outcome, signal);
  }
}

function isDeleting({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether a deleted member's finalizer may go: its policies are gone, or serve the service that took over. */
function mayGo({ kind }: PolicyOutcome): boolean {
  return kind === 'retired' || kind === 'applied' || kind === 'waiting';
}

/** Somebody wrote first, or the cache is behind our own writes: the next pass sees it. */
function isStale(error: unknown): boolean {
  return (
    isClusterError(error, 'Conflict') || isClusterError(error, 'AlreadyExists')
  );
}

function parseId(id: string): ObjectKey {
  const slash = id.indexOf('/');
  return { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}
