import {
  AdmissionRules,
  ClusterProfile,
  isOurPolicy,
  isSamePolicy,
  KubernetesObject,
  planPolicyWrites,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { ClusterClient } from '../clusters/types';
import {
  BASELINE_NAME,
  compileBaseline,
  isBaseline,
  wantsBaseline,
} from './baseline';
import { MeshWorld } from './MeshWorld';
import { policySelects } from './podSelection';
import { isRejected } from './PolicyView';
import { writePolicies } from './writePolicies';

/** How it stands with a namespace's baseline after a pass. */
export type BaselineOutcome =
  | { readonly kind: 'settled' }
  /** Objects of somebody else bear the name; they are left alone. */
  | { readonly kind: 'foreign'; readonly kinds: readonly string[] }
  /** The API server refused a write. */
  | { readonly kind: 'refused'; readonly error: Error };

/** The objects that deny everything in namespaces which ask for it. They come before members, and go after them. */
export class Baselines {
  constructor(
    private readonly parts: {
      readonly client: ClusterClient;
      readonly world: MeshWorld;
      readonly profile: ClusterProfile;
      readonly rules: Pick<AdmissionRules, 'protectedNamespaces'>;
    },
  ) {}

  /** Whether a namespace asks for a baseline and may have one. */
  isWanted(namespace: string): boolean {
    const { world, profile, rules } = this.parts;
    const found = world.cache(KINDS.Namespace).get({ name: namespace });
    return (
      wantsBaseline(found, profile) &&
      !rules.protectedNamespaces.includes(namespace)
    );
  }

  /** Whether a namespace has its baseline, whole and accepted: then nothing in it is open without a policy. */
  isStanding(namespace: string): boolean {
    const live = this.#live(namespace);
    return (
      this.isWanted(namespace) &&
      compileBaseline(namespace, this.parts.profile).every(object =>
        live.some(held => isSamePolicy(object, held) && !isRejected(held)),
      )
    );
  }

  /** Makes, repairs or takes away what a namespace should have or should not have any more. */
  async settle(
    namespace: string,
    signal: AbortSignal,
  ): Promise<BaselineOutcome> {
    const live = this.#live(namespace);
    const ours = live.filter(isBaseline);
    const occupied = live
      .filter(object => !isBaseline(object))
      .map(({ kind }) => kind);
    try {
      await writePolicies({
        client: this.parts.client,
        kinds: this.parts.world.policyKinds,
        plan: planPolicyWrites({
          wanted: this.#wanted(namespace, ours).filter(
            ({ kind }) => !occupied.includes(kind),
          ),
          live: ours,
        }),
        live: ours,
        signal,
      });
    } catch (error) {
      if (
        isClusterError(error, 'Invalid') ||
        isClusterError(error, 'Forbidden')
      )
        return { kind: 'refused', error };
      throw error;
    }
    return occupied.length > 0
      ? { kind: 'foreign', kinds: occupied }
      : { kind: 'settled' };
  }

  /** A baseline that is not asked for any more stays as long as it is all that some pod has. */
  #wanted(
    namespace: string,
    ours: readonly KubernetesObject[],
  ): KubernetesObject[] {
    const compiled = compileBaseline(namespace, this.parts.profile);
    if (this.isWanted(namespace)) return compiled;
    if (ours.length === 0 || !this.#hasUnguardedPods(namespace)) return [];
    return compiled.filter(({ kind }) => ours.some(one => one.kind === kind));
  }

  #hasUnguardedPods(namespace: string): boolean {
    const [deciding] = this.parts.world.policyKinds;
    const guards = this.parts.world
      .cache(deciding)
      .list(namespace)
      .filter(policy => isOurPolicy(policy) && !isRejected(policy));
    return this.parts.world
      .pods(namespace)
      .some(pod => !guards.some(policy => policySelects(policy, pod)));
  }

  #live(namespace: string): KubernetesObject[] {
    return this.parts.world.policyKinds.flatMap(
      kind =>
        this.parts.world.cache(kind).get({ namespace, name: BASELINE_NAME }) ??
        [],
    );
  }
}
