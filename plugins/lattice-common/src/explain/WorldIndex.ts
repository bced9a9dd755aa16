import { LatticeMember } from '../api/memberModel';
import { KubernetesObject, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { targetLabels } from '../policies/memberTarget';
import {
  isOurPolicy,
  policyName,
  policyOwnerKey,
} from '../policies/policyIdentity';
import {
  EnginePolicies,
  ExplainPod,
  findCiliumRefusal,
  readPolicies,
} from './engines';

interface HeldPolicy {
  readonly object: KubernetesObject;
  /** The key whose compiled policy this is a copy of. */
  readonly owner?: ObjectKey;
  readonly read: EnginePolicies;
  /** Why Cilium does not enforce it at all. */
  readonly refusal?: string;
}

/** Policies of others, one by one and together. */
export interface ForeignPolicies {
  readonly each: readonly Omit<HeldPolicy, 'owner'>[];
  readonly objects: readonly KubernetesObject[];
  readonly read: EnginePolicies;
}

const CLUSTERWIDE = '';
const podIndexes = new WeakMap<object, PodIndex>();
const policyIndexes = new WeakMap<object, Map<string, HeldPolicy[]>>();

/** Pods by namespace and label, filed once per list. */
class PodIndex {
  readonly #byLabel = new Map<string, ExplainPod[]>();

  constructor(pods: readonly ExplainPod[]) {
    for (const pod of pods) {
      this.#file(pod.namespace, pod);
      for (const [key, value] of Object.entries(pod.labels))
        this.#file(`${pod.namespace} ${key}=${value}`, pod);
    }
  }

  selectedBy({ metadata, spec }: LatticeMember): ExplainPod[] {
    const labels = Object.entries(targetLabels(spec.target) ?? {});
    const buckets = labels.map(
      ([key, value]) =>
        this.#byLabel.get(`${metadata.namespace} ${key}=${value}`) ?? [],
    );
    if (buckets.length === 0)
      return this.#byLabel.get(metadata.namespace) ?? [];
    const [smallest] = buckets.sort((a, b) => a.length - b.length);
    return smallest.filter(pod =>
      labels.every(([key, value]) => pod.labels[key] === value),
    );
  }

  #file(at: string, pod: ExplainPod) {
    const held = this.#byLabel.get(at);
    if (held) held.push(pod);
    else this.#byLabel.set(at, [pod]);
  }
}

/** The pods that a member selects. */
export function podsOf(
  member: LatticeMember,
  pods: readonly ExplainPod[],
): ExplainPod[] {
  const index = podIndexes.get(pods) ?? new PodIndex(pods);
  podIndexes.set(pods, index);
  return index.selectedBy(member);
}

/** Policies of others that may be about pods of these namespaces. They are read once per list. */
export function foreignPoliciesIn(
  policies: readonly KubernetesObject[],
  namespaces: readonly string[],
  graph: AgreementGraph,
  clusterName: string,
): ForeignPolicies {
  const index =
    policyIndexes.get(policies) ?? indexPolicies(policies, clusterName);
  policyIndexes.set(policies, index);
  const held = [...new Set([CLUSTERWIDE, ...namespaces])]
    .flatMap(namespace => index.get(namespace) ?? [])
    // A copy of what is compiled anew; the policies of a key that has gone are as foreign as any other.
    .filter(({ owner }) => !owner || !graph.get(owner));
  return {
    each: held,
    objects: held.map(({ object }) => object),
    read: {
      cilium: held.flatMap(({ read }) => read.cilium),
      istio: held.flatMap(({ read }) => read.istio),
    },
  };
}

function indexPolicies(
  policies: readonly KubernetesObject[],
  clusterName: string,
): Map<string, HeldPolicy[]> {
  const index = new Map<string, HeldPolicy[]>();
  for (const object of policies) {
    const at =
      object.kind === 'CiliumClusterwideNetworkPolicy'
        ? CLUSTERWIDE
        : object.metadata.namespace ?? 'default';
    const held = index.get(at) ?? [];
    const read = readPolicies([object], clusterName);
    held.push({
      object,
      owner: ownerOf(object),
      read,
      refusal: findCiliumRefusal(object),
    });
    index.set(at, held);
  }
  return index;
}

/** Only an object that carries the very name that we give it counts as ours. */
function ownerOf(object: KubernetesObject): ObjectKey | undefined {
  const owner = isOurPolicy(object) ? policyOwnerKey(object) : undefined;
  return owner && policyName(owner) === object.metadata.name
    ? owner
    : undefined;
}
