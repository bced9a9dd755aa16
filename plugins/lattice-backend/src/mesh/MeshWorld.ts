import {
  AdmissionRules,
  AgreementGraph,
  ClusterProfile,
  formatKey,
  isOurPolicy,
  KubernetesObject,
  LatticeMember,
  ObjectKey,
  policyName,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  detectEngines,
  hasEstablishedCondition,
} from '../clusters/detectEngines';
import { KINDS } from '../clusters/kinds';
import { ObjectChange } from '../clusters/ObjectStore';
import {
  ClusterConnection,
  ResourceCache,
  ResourceKind,
} from '../clusters/types';
import { hasIntentChanged } from '../controllers/hasIntentChanged';
import { ForeignPolicies } from './ForeignPolicies';
import { findIdentityConflicts } from './identityConflicts';
import { PolicyIndex } from './PolicyIndex';
import { isPodAlive, memberSelects } from './podSelection';
import { readDeclaration } from './readDeclaration';

const SERVICE_DEFINITION = `${KINDS.LatticeService.plural}.lattice.dev`;

/** What the world is built from. */
export interface MeshWorldOptions {
  readonly connection: ClusterConnection;
  readonly profile: ClusterProfile;
  /** Whether we write policies and status for LatticeServices, or another controller does. */
  readonly latticeServices: 'own' | 'foreign';
  readonly rules: AdmissionRules;
}

/** Whether anything may be decided at all. */
export type Readiness =
  | { readonly state: 'ready' }
  /** Something has not been read completely: nothing is written on partial input. */
  | { readonly state: 'incomplete' }
  /** An engine that the profile names is not there (any more): policies stay as they are. */
  | { readonly state: 'engineLost'; readonly engine: string };

/**
 * One cluster's declarations, policies and pods, as the watch caches hold them, and the agreements among them.
 * Reads only.
 */
export class MeshWorld {
  readonly graph = new AgreementGraph();
  readonly policyKinds: readonly ResourceKind[];
  /** What others have written. */
  readonly foreign: ForeignPolicies;
  readonly #options: MeshWorldOptions;
  readonly #byNamespace = new Map<string, Map<string, ObjectKey>>();
  readonly #policies = new PolicyIndex();
  #graphVersion = 0;
  #onAffected: (keys: readonly string[]) => void = () => undefined;
  readonly #cleanups: Array<() => void> = [];

  constructor(options: MeshWorldOptions) {
    this.#options = options;
    const { cilium, istio } = options.profile.engines;
    this.foreign = new ForeignPolicies(
      kind => this.cache(kind),
      options.profile,
    );
    this.policyKinds = [
      ...(cilium ? [KINDS.CiliumNetworkPolicy] : []),
      ...(istio ? [KINDS.AuthorizationPolicy, KINDS.PeerAuthentication] : []),
    ];
  }

  /**
   * Begins to follow declarations and policies. The listener is told which keys may need other policies or another status
   * after one has changed.
   */
  start(onAffected: (keys: readonly string[]) => void): void {
    this.#onAffected = onAffected;
    for (const kind of [KINDS.LatticeMeshMember, KINDS.LatticeService]) {
      const cache = this.cache(kind);
      this.#cleanups.push(cache.onChange(change => this.#note(change)));
      for (const after of cache.list()) this.#note({ after });
    }
    this.#cleanups.push(
      this.cache(KINDS.Namespace).onChange(() =>
        this.foreign.forgetNamespaces(),
      ),
    );
    for (const kind of this.foreign.kinds) {
      const cache = this.cache(kind);
      const note = (change: ObjectChange) => {
        this.#policies.note(change);
        this.foreign.note(change);
      };
      this.#cleanups.push(cache.onChange(note));
      for (const after of cache.list()) note({ after });
    }
  }

  stop(): void {
    this.#cleanups.splice(0).forEach(cleanup => cleanup());
  }

  cache(kind: ResourceKind): ResourceCache {
    return this.#options.connection.cache(kind);
  }

  readiness(): Readiness {
    const { connection, profile } = this.#options;
    const detected = detectEngines(connection);
    if (!detected.isComplete) return { state: 'incomplete' };
    if (profile.engines.cilium && !detected.cilium)
      return { state: 'engineLost', engine: 'Cilium' };
    if (profile.engines.istio && !detected.istio)
      return { state: 'engineLost', engine: 'Istio' };
    const needed = [
      KINDS.LatticeMeshMember,
      KINDS.Pod,
      ...this.policyKinds,
      ...(this.#servesServices() ? [KINDS.LatticeService] : []),
    ];
    return needed.every(kind => this.cache(kind).isComplete)
      ? { state: 'ready' }
      : { state: 'incomplete' };
  }

  /** The declaration that we write policies for; none while another controller owns the key's service. */
  managed(key: ObjectKey): LatticeMember | undefined {
    const declaration = this.graph.get(key);
    const isOurs =
      declaration?.kind === 'LatticeMeshMember' || this.ownsServices;
    return isOurs ? declaration : undefined;
  }

  /** Whether LatticeServices are ours to write policies and status for. */
  get ownsServices(): boolean {
    return this.#options.latticeServices === 'own';
  }

  /** Every policy of ours that was compiled from a key, under whatever name. */
  livePolicies(key: ObjectKey): KubernetesObject[] {
    return this.#policies.of(key);
  }

  /** Living pods that a declaration selects. */
  podsOf(member: LatticeMember): KubernetesObject[] {
    return this.pods(member.metadata.namespace).filter(pod =>
      memberSelects(member, pod),
    );
  }

  /**
   * Stays the same as long as nothing has changed that the policies of a key, wanted or live, depend on.
   */
  stampOf(key: ObjectKey): string {
    const declaration = this.graph.get(key);
    const object = declaration && this.cache(KINDS[declaration.kind]).get(key);
    return [
      this.#graphVersion,
      object?.metadata.generation,
      this.#policies.versionOf(key),
      ...this.graph
        .agreedCallees(key)
        .map(({ metadata }) => this.#policies.versionOf(metadata)),
    ].join(' ');
  }

  /** Objects that bear the name of a key's policies and are not ours. */
  foreignPolicies(key: ObjectKey): KubernetesObject[] {
    const at = { namespace: key.namespace, name: policyName(key) };
    return this.policyKinds.flatMap(kind => {
      const object = this.cache(kind).get(at);
      return object && !isOurPolicy(object) ? [object] : [];
    });
  }

  /** Pods of a namespace that can still send or receive. */
  pods(namespace: string): KubernetesObject[] {
    return this.cache(KINDS.Pod).list(namespace).filter(isPodAlive);
  }

  /** Other declarations in the namespace of a member. */
  peersInNamespace(member: LatticeMember): LatticeMember[] {
    return this.keysIn(member.metadata.namespace).flatMap(
      key => this.graph.get(key) ?? [],
    );
  }

  /** Declared keys of a namespace. */
  keysIn(namespace: string): ObjectKey[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
  }

  /** The key whose policies have this name, among the declared ones. */
  keyOfPolicyName(namespace: string, name: string): ObjectKey | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  #servesServices(): boolean {
    const definition = this.cache(CUSTOM_RESOURCE_DEFINITIONS).get({
      name: SERVICE_DEFINITION,
    });
    return definition !== undefined && hasEstablishedCondition(definition);
  }

  /** Takes one changed declaration into the graph. An unreadable one changes nothing: what is applied stays. */
  #note(change: ObjectChange): void {
    const { before, after } = change;
    const object = after ?? before;
    if (!object?.metadata.namespace || !hasIntentChanged(change)) return;
    const { namespace, name } = object.metadata;
    const key = { namespace, name };
    const former = this.graph.get(key);
    this.#graphVersion += 1;
    let affected: readonly ObjectKey[] = [key];
    if (!after || after.metadata.deletionTimestamp) {
      const kind = object.kind as LatticeMember['kind'];
      affected = [key, ...this.graph.remove(key, kind)];
    } else {
      const { rules, profile } = this.#options;
      const read = readDeclaration(after, rules, profile);
      if (read.ok) affected = this.graph.set(read.value);
    }
    this.#index(key);
    this.#onAffected([
      ...new Set([
        ...affected.map(formatKey),
        ...this.#rivals(former),
        ...this.#rivals(this.graph.get(key)),
      ]),
    ]);
  }

  #index(key: ObjectKey): void {
    const names = this.#byNamespace.get(key.namespace) ?? new Map();
    if (this.graph.get(key)) names.set(policyName(key), key);
    else names.delete(policyName(key));
    if (names.size > 0) this.#byNamespace.set(key.namespace, names);
    else this.#byNamespace.delete(key.namespace);
  }

  #rivals(member: LatticeMember | undefined): string[] {
    if (!member) return [];
    const { namespace } = member.metadata;
    return findIdentityConflicts(member, this.peersInNamespace(member)).map(
      ({ other }) => formatKey({ namespace, name: other }),
    );
  }
}
