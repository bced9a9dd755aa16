import { EngineView } from './EngineView';
import { ExplainPod } from './engines';
import { ExplainWorld } from './types';

/** Entries when nothing else is asked for. */
const MAX_UNPROTECTED = 200;

/** A pod that nothing guards, or not all of it. */
export interface UnprotectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly reason: 'hostNetwork' | 'notSelected' | 'othersOnly';
  readonly sentence: string;
}

/**
 * Running pods that no member speaks for, and those that no policy can be about. Those of whole namespaces can be left
 * out, e.g. the system's own.
 */
export function findUnprotected(
  world: ExplainWorld,
  options: {
    readonly isLeftOut?: (namespace: string) => boolean;
    readonly limit?: number;
  } = {},
): { readonly pods: readonly UnprotectedPod[]; readonly more: number } {
  const { isLeftOut = () => false, limit = MAX_UNPROTECTED } = options;
  const view = new EngineView(world);
  const pods: UnprotectedPod[] = [];
  let more = 0;
  for (const pod of world.pods ?? []) {
    const found = isLeftOut(pod.namespace) ? undefined : judge(pod, view);
    if (!found) continue;
    if (pods.length < limit) pods.push(found);
    else more += 1;
  }
  return { pods, more };
}

function judge(pod: ExplainPod, view: EngineView): UnprotectedPod | undefined {
  const { namespace, name } = pod;
  const id = `${namespace}/${name}`;
  if (pod.hostNetwork)
    return {
      namespace,
      name,
      reason: 'hostNetwork',
      sentence: `Pod ${id} is on its node’s network: no policy protects it.`,
    };
  if (view.membersOf(pod).length > 0) return undefined;
  const { ingress } = view.decide({
    from: { outside: 'world' },
    to: pod,
    port: 0,
    protocol: 'TCP',
  });
  return ingress.reason === 'notSelected'
    ? {
        namespace,
        name,
        reason: 'notSelected',
        sentence: `No member selects pod ${id}, nor does any policy: everybody reaches it.`,
      }
    : {
        namespace,
        name,
        reason: 'othersOnly',
        sentence: `No member selects pod ${id}: only policies that Lattice did not write are about it.`,
      };
}
