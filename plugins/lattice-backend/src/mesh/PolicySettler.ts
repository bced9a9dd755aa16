import {
  ClusterProfile,
  denyOnly,
  formatKey,
  isOurPolicy,
  KubernetesObject,
  LatticeMember,
  ObjectKey,
  planPolicyWrites,
  policyOwnerKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import { Baselines } from './Baselines';
import { closedPolicies } from './closedPolicies';
import { MeshWorld } from './MeshWorld';
import { isOutgrown, isOwnPolicy, outgrownPolicies } from './outgrownPolicies';
import { policySelects } from './podSelection';
import { PolicyOutcome } from './policyOutcome';
import { isRejected, PolicyView } from './PolicyView';
import { StandingSelectors } from './StandingSelectors';
import { writePolicies } from './writePolicies';

/** What one key's policies are settled from. */
export interface SettleInput {
  readonly key: ObjectKey;
  /** The declaration that counts, or that of a member that is being deleted. */
  readonly declaration: LatticeMember | undefined;
  readonly live: readonly KubernetesObject[];
  readonly signal: AbortSignal;
}

interface Wish {
  readonly wanted: readonly KubernetesObject[];
  readonly narrowOnly?: boolean;
}

/** Brings the policies of one key to what they should be. Every order of writes in it narrows before it widens. */
export class PolicySettler {
  readonly #standing = new StandingSelectors();

  constructor(
    private readonly parts: {
      readonly client: ClusterClient;
      readonly world: MeshWorld;
      readonly profile: ClusterProfile;
      readonly view: PolicyView;
      readonly baselines: Baselines;
    },
  ) {}

  /** With a declaration: what both sides agree on, no more. */
  async apply(input: SettleInput): Promise<PolicyOutcome> {
    const { key } = input;
    const { view, world } = this.parts;
    const wanted = view.wanted(key);
    const occupied = world
      .foreignPolicies(key)
      .map(({ kind }) => kind)
      .filter(kind => wanted.some(object => object.kind === kind));
    const outcome = await this.#write(input, {
      wanted: wanted.filter(({ kind }) => !occupied.includes(kind)),
      narrowOnly: occupied.length > 0,
    });
    if (outcome.kind === 'foreign') return outcome;
    const { live } = outcome;
    if (occupied.length > 0) return { kind: 'foreign', kinds: occupied, live };
    const callees = view.heldBack(key);
    return callees.length > 0
      ? { kind: 'waiting', callees, live }
      : { kind: 'applied', live };
  }

  /** Without a declaration: nothing is allowed any more, and nothing is left unprotected while pods run. */
  async retire(input: SettleInput): Promise<PolicyOutcome> {
    const pods = this.#podsLeft(input.key);
    const outcome = await this.#write(input, {
      wanted: closedPolicies({ ...input, pods }, this.parts.profile),
    });
    if (outcome.kind === 'foreign') return outcome;
    const { live } = outcome;
    return { kind: live.length > 0 ? 'denyOnly' : 'retired', live };
  }

  /**
   * Pods that would be open without a policy of this key: none where a baseline stands. What another controller has
   * taken over is left to it as soon as its policies deny by themselves.
   */
  #podsLeft(key: ObjectKey): KubernetesObject[] {
    const { world, baselines } = this.parts;
    if (baselines.isStanding(key.namespace)) return [];
    const isHandedBack = world.graph.get(key) && !world.managed(key);
    const pods = world.pods(key.namespace);
    return isHandedBack ? pods.filter(pod => !world.foreign.guards(pod)) : pods;
  }

  /** The pods of former selectors first: once the key's own policies turn to others, they would be open. */
  async #write(
    input: SettleInput,
    { wanted, narrowOnly }: Wish,
  ): Promise<PolicyOutcome & { kind: 'applied' | 'foreign' }> {
    const { key, declaration, live, signal } = input;
    const outgrown = this.#outgrown(input, wanted);
    const kinds = this.#occupiedBy(outgrown);
    if (kinds.length > 0) {
      const closed = live.flatMap(object => denyOnly(object) ?? []);
      const held = await this.#carryOut(
        { wanted: closed, live, narrowOnly: true },
        signal,
      );
      return { kind: 'foreign', kinds, live: held };
    }
    const guarded = await this.#carryOut(
      { wanted: outgrown, live, narrowOnly: true },
      signal,
    );
    const held = await this.#carryOut(
      { wanted: [...wanted, ...outgrown], live: guarded, narrowOnly },
      signal,
    );
    this.#standing.note(key, declaration, wanted);
    return { kind: 'applied', live: held };
  }

  #outgrown(
    { key, declaration, live }: SettleInput,
    wanted: readonly KubernetesObject[],
  ): KubernetesObject[] {
    const former = this.#standing.former(key, declaration, live);
    if (former.length === 0 && !live.some(isOutgrown)) return [];
    return outgrownPolicies({
      key,
      live,
      wanted,
      former,
      pods: this.#podsLeft(key),
      isGuarded: (kind, pod) =>
        this.#ownPoliciesBeside(key, kind).some(
          policy => policySelects(policy, pod) && !isRejected(policy),
        ),
    });
  }

  /** The policies of other keys in a key's namespace, without those that are themselves about to go. */
  #ownPoliciesBeside(key: ObjectKey, kind: string): KubernetesObject[] {
    return this.parts.world.policyKinds
      .filter(one => one.kind === kind)
      .flatMap(one => this.parts.world.cache(one).list(key.namespace))
      .filter(policy => {
        const owner = policyOwnerKey(policy);
        return (
          owner !== undefined &&
          formatKey(owner) !== formatKey(key) &&
          isOwnPolicy(policy)
        );
      });
  }

  #occupiedBy(outgrown: readonly KubernetesObject[]): string[] {
    return outgrown.flatMap(({ kind, metadata: { namespace = '', name } }) => {
      const policyKind = KINDS[kind as keyof typeof KINDS];
      const found = this.parts.world.cache(policyKind).get({ namespace, name });
      return found && !isOurPolicy(found) ? [kind] : [];
    });
  }

  #carryOut(
    input: Parameters<typeof planPolicyWrites>[0],
    signal: AbortSignal,
  ): Promise<KubernetesObject[]> {
    return writePolicies({
      client: this.parts.client,
      kinds: this.parts.world.policyKinds,
      plan: planPolicyWrites(input),
      live: input.live,
      signal,
    });
  }
}
