import {
  ClusterProfile,
  decideCilium,
  EngineContext,
  EnginePolicies,
  ExplainPod,
  isAbout,
  isOurPolicy,
  KubernetesObject,
  readExplainPod,
  readPolicies,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ObjectChange } from '../clusters/ObjectStore';
import { ResourceCache, ResourceKind } from '../clusters/types';
import { isBaseline, PROBE_ADDRESSES } from './baseline';

/** Somebody of whom no policy knows: where it may not come in, the rest is denied. */
const STRANGER = {
  name: 'stranger',
  labels: {},
  serviceAccount: 'stranger',
  ambient: false,
};
const ANY_PORT = 65535;
/** Place of what has no namespace. */
const EVERYWHERE = '';

/** The policies of a cluster that others have written, and what they mean for a pod. Reads only. */
export class ForeignPolicies {
  readonly kinds: readonly ResourceKind[];
  readonly #written = new Map<string, Map<string, KubernetesObject>>();
  readonly #read = new WeakMap<KubernetesObject, EnginePolicies>();
  #context: EngineContext | undefined;

  constructor(
    private readonly cacheOf: (kind: ResourceKind) => ResourceCache,
    private readonly profile: ClusterProfile,
  ) {
    const { cilium, istio } = profile.engines;
    this.kinds = [
      ...(cilium
        ? [
            KINDS.CiliumNetworkPolicy,
            KINDS.CiliumClusterwideNetworkPolicy,
            KINDS.NetworkPolicy,
          ]
        : []),
      ...(istio ? [KINDS.AuthorizationPolicy, KINDS.PeerAuthentication] : []),
    ];
  }

  /** To be called when labels of a namespace change. */
  forgetNamespaces(): void {
    this.#context = undefined;
  }

  /** Whether a policy of others may be about pods of any namespace. */
  isClusterWide({ kind, metadata }: KubernetesObject): boolean {
    return (
      kind === KINDS.CiliumClusterwideNetworkPolicy.kind ||
      metadata.namespace === this.profile.rootNamespace
    );
  }

  /** Policies of others that are about at least one of these pods of one namespace. */
  about(
    namespace: string,
    pods: readonly KubernetesObject[],
  ): KubernetesObject[] {
    const written = this.#writtenFor(namespace);
    if (written.length === 0) return [];
    const seen = pods.map(pod => this.#asSeen(pod));
    return written.filter(object =>
      seen.some(pod =>
        isAbout(this.#readPolicy(object), pod, this.#contextNow()),
      ),
    );
  }

  /**
   * Whether others' policies deny a pod, both ways, whatever they do not name: then ours may go without opening it.
   */
  guards(pod: KubernetesObject): boolean {
    const { namespace = '' } = pod.metadata;
    const written = this.#writtenFor(namespace);
    if (written.length === 0) return false;
    const seen = this.#asSeen(pod);
    if (!this.profile.engines.cilium)
      return written.some(
        object =>
          isPlainAllow(object) &&
          isAbout(this.#readPolicy(object), seen, this.#contextNow()),
      );
    const cilium = written.flatMap(object => this.#readPolicy(object).cilium);
    const stranger: ExplainPod = { ...STRANGER, namespace };
    const end = { port: ANY_PORT, protocol: 'TCP' as const };
    return (['ingress', 'egress'] as const).every(direction => {
      const flow =
        direction === 'ingress'
          ? { ...end, from: stranger, to: seen }
          : { ...end, from: seen, to: stranger };
      const decided = decideCilium(cilium, direction, flow, this.#contextNow());
      return decided.reason === 'nothingAllows';
    });
  }

  /** A pod as the engines see it. */
  #asSeen(pod: KubernetesObject): ExplainPod {
    const namespace = this.cacheOf(KINDS.Namespace).get({
      name: pod.metadata.namespace ?? '',
    });
    return readExplainPod(pod, namespace?.metadata.labels);
  }

  /** Takes one change of a cache of `kinds` in. */
  note({ before, after }: ObjectChange): void {
    if (before) this.#written.get(placeOf(before))?.delete(idOf(before));
    if (!after || isOurs(after) || isProbeException(after)) return;
    const held = this.#written.get(placeOf(after)) ?? new Map();
    held.set(idOf(after), after);
    this.#written.set(placeOf(after), held);
  }

  #writtenFor(namespace: string): KubernetesObject[] {
    const places = new Set([EVERYWHERE, namespace, this.profile.rootNamespace]);
    return [...places].flatMap(place =>
      [...(this.#written.get(place)?.values() ?? [])].filter(
        ({ apiVersion }) =>
          place !== this.profile.rootNamespace ||
          place === namespace ||
          apiVersion.startsWith('security.istio.io/'),
      ),
    );
  }

  #readPolicy(object: KubernetesObject): EnginePolicies {
    const known = this.#read.get(object);
    if (known) return known;
    const read = readPolicies([object], this.profile.clusterName);
    this.#read.set(object, read);
    return read;
  }

  #contextNow(): EngineContext {
    const { clusterName, trustDomain, rootNamespace } = this.profile;
    this.#context ??= {
      clusterName,
      trustDomain,
      rootNamespace,
      namespaceLabels: new Map(
        this.cacheOf(KINDS.Namespace)
          .list()
          .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
      ),
    };
    return this.#context;
  }
}

function placeOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? EVERYWHERE;
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

function isOurs(object: KubernetesObject): boolean {
  return isOurPolicy(object) || isBaseline(object);
}

function isPlainAllow({ kind, spec }: KubernetesObject): boolean {
  const { action = 'ALLOW' } = (spec ?? {}) as { action?: string };
  return kind === 'AuthorizationPolicy' && action === 'ALLOW';
}

/** The exception that Istio's documentation has every cluster with Cilium make: it lets probes in and denies nothing. */
function isProbeException({ spec }: KubernetesObject): boolean {
  const { enableDefaultDeny, ingress, egress, ingressDeny, egressDeny } =
    (spec ?? {}) as Record<string, unknown>;
  const { ingress: deniesRest } = (enableDefaultDeny ?? {}) as {
    ingress?: boolean;
  };
  const rules = Array.isArray(ingress) ? ingress : [];
  return (
    deniesRest === false &&
    [egress, ingressDeny, egressDeny].every(one => one === undefined) &&
    rules.length > 0 &&
    rules.every(isFromProbes)
  );
}

function isFromProbes(rule: Record<string, unknown>): boolean {
  const { fromCIDR, toPorts: _ports, ...rest } = rule;
  return (
    Object.keys(rest).length === 0 &&
    Array.isArray(fromCIDR) &&
    fromCIDR.length > 0 &&
    fromCIDR.every(one => PROBE_ADDRESSES.includes(String(one)))
  );
}
