import { formatKey, KubernetesObject, ObjectKey } from '../api/object';
import { compilePolicies } from '../policies/compilePolicies';
import { selectsPod } from '../policies/memberTarget';
import {
  decideFlow,
  EngineContext,
  EnginePolicies,
  ExplainPod,
  Flow,
  FlowDecision,
  FlowEnd,
  isAbout,
  isPod,
  readPolicies,
} from './engines';
import { ExplainWorld } from './types';
import { ForeignPolicies, foreignPoliciesIn } from './WorldIndex';

/**
 * What the engines would decide in a world: our policies as compiled, and those of others as they are. Remembers what
 * it has compiled, so that it must not outlive a change of the world.
 */
export class EngineView {
  readonly #world: ExplainWorld;
  readonly #context: EngineContext;
  readonly #compiled = new Map<string, EnginePolicies>();
  readonly #oursByPod = new Map<FlowEnd, EnginePolicies[]>();
  readonly #foreignIn = new Map<string, ForeignPolicies>();

  constructor(world: ExplainWorld) {
    const { clusterName, trustDomain, rootNamespace } = world.profile;
    this.#world = world;
    this.#context = {
      clusterName,
      trustDomain,
      rootNamespace,
      namespaceLabels: namespaceLabelsOf(world.namespaces ?? []),
    };
  }

  /** What happens to traffic. With `oursOnly`, as if nobody else had written a policy. */
  decide(flow: Flow, { oursOnly = false } = {}): FlowDecision {
    const seen = {
      ...flow,
      from: this.#asEnforced(flow.from),
      to: this.#asEnforced(flow.to),
    };
    const sets = [flow.from, flow.to].flatMap(end => this.#ours(end));
    if (!oursOnly) sets.push(this.foreign(flow).read);
    return decideFlow(
      {
        cilium: [...new Set(sets.flatMap(({ cilium }) => cilium))],
        istio: [...new Set(sets.flatMap(({ istio }) => istio))],
      },
      seen,
      this.#context,
    );
  }

  /** Policies of others that may have a say about either end. */
  foreign({ from, to }: Flow): ForeignPolicies {
    const { graph, foreignPolicies, profile } = this.#world;
    const spaces = [from, to].flatMap(end => (isPod(end) ? end.namespace : []));
    if (profile.engines.istio) spaces.push(profile.rootNamespace);
    const id = spaces.join(' ');
    const held =
      this.#foreignIn.get(id) ??
      foreignPoliciesIn(foreignPolicies, spaces, graph, profile.clusterName);
    this.#foreignIn.set(id, held);
    return held;
  }

  /** Those of them that are, or may be, about either end. */
  foreignAbout(flow: Flow): KubernetesObject[] {
    const pods = [flow.from, flow.to]
      .map(end => this.#asEnforced(end))
      .filter(isPod);
    return this.foreign(flow)
      .each.filter(({ read }) =>
        pods.some(pod => isAbout(read, pod, this.#context)),
      )
      .map(({ object }) => object);
  }

  /** The members that select a pod, by their keys. */
  membersOf(pod: ExplainPod) {
    const { graph } = this.#world;
    return graph.candidatesFor(pod.namespace, pod.labels).filter(key => {
      const member = graph.get(key);
      return member && selectsPod(member.spec.target, pod.labels);
    });
  }

  #ours(end: FlowEnd): EnginePolicies[] {
    const held = this.#oursByPod.get(end) ?? this.#compileFor(end);
    this.#oursByPod.set(end, held);
    return held;
  }

  #compileFor(end: FlowEnd): EnginePolicies[] {
    if (!isPod(end) || end.hostNetwork) return [];
    return this.membersOf(end).map(key => {
      const id = formatKey(key);
      const held = this.#compiled.get(id) ?? this.#compile(key);
      this.#compiled.set(id, held);
      return held;
    });
  }

  #compile(key: ObjectKey): EnginePolicies {
    const { graph, profile } = this.#world;
    const objects: KubernetesObject[] = compilePolicies(graph, key, profile);
    return readPolicies(objects, profile.clusterName, { areCompiled: true });
  }

  /** Without Istio nothing is captured, whatever a pod's labels ask for. */
  #asEnforced(end: FlowEnd): FlowEnd {
    return isPod(end) && end.ambient && !this.#world.profile.engines.istio
      ? { ...end, ambient: false }
      : end;
  }
}

const known = new WeakMap<object, EngineContext['namespaceLabels']>();

function namespaceLabelsOf(
  namespaces: NonNullable<ExplainWorld['namespaces']>,
): EngineContext['namespaceLabels'] {
  const labels =
    known.get(namespaces) ??
    new Map(namespaces.map(({ name, labels: own }) => [name, own]));
  known.set(namespaces, labels);
  return labels;
}
