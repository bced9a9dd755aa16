import { KubernetesObject } from '../../api/object';
import { refOf } from './match';
import { record } from './readSpec';
import { Decision, EngineContext, ExplainPod } from './types';
import { matchesWorkload } from './ztunnel';

type Mode = 'UNSET' | 'STRICT' | 'OPEN';

/** Whether plaintext may come in at a port of a pod that the mesh has captured. */
export function decidePlaintext(
  policies: readonly KubernetesObject[],
  pod: ExplainPod,
  port: number,
  context: EngineContext,
): Decision {
  const about = policies.filter(
    policy =>
      policy.kind === 'PeerAuthentication' &&
      isAboutPlaintext(policy, pod, context),
  );
  const { rootNamespace } = context;
  const inRoot = (policy: KubernetesObject) =>
    policy.metadata.namespace === rootNamespace;
  const isWhole = (policy: KubernetesObject) => !hasLabels(policy);
  const choices = combinations(
    oldest(about.filter(one => isWhole(one) && inRoot(one))),
    oldest(about.filter(one => isWhole(one) && !inRoot(one))),
    oldest(about.filter(one => !isWhole(one) && !inRoot(one))),
  );
  const decisions = choices.map(chosen => decide(chosen, port));
  const [first] = decisions;
  return decisions.every(({ ruling }) => ruling === first.ruling)
    ? first
    : {
        ruling: 'unknown',
        reason: 'notUnderstood',
        by: about.map(refOf),
        unsure: 'which PeerAuthentication is the oldest, as only that counts',
      };
}

/** The one policy that counts at each level. */
interface Chosen {
  readonly mesh?: KubernetesObject;
  readonly namespace?: KubernetesObject;
  readonly workload?: KubernetesObject;
}

function decide({ mesh, namespace, workload }: Chosen, port: number): Decision {
  const wide = [namespace, mesh].find(
    one => one !== undefined && modeOf(one) !== 'UNSET',
  );
  const level =
    workload && modeOf(workload) !== 'UNSET' ? workload : wide ?? undefined;
  const portMode = workload ? portModeOf(workload, port) : 'UNSET';
  const deciding = portMode === 'UNSET' ? level : workload;
  const mode = portMode === 'UNSET' ? level && modeOf(level) : portMode;
  const by = deciding ? [refOf(deciding)] : [];
  if (mode === 'STRICT') return { ruling: 'deny', reason: 'denied', by };
  return mode === 'OPEN'
    ? { ruling: 'allow', reason: 'allowed', by }
    : { ruling: 'allow', reason: 'notSelected', by: [] };
}

/** Whether a PeerAuthentication is about a pod. */
export function isAboutPlaintext(
  policy: KubernetesObject,
  pod: ExplainPod,
  { rootNamespace }: EngineContext,
): boolean {
  const { namespace } = policy.metadata;
  if (!hasLabels(policy))
    return namespace === pod.namespace || namespace === rootNamespace;
  return (
    namespace === pod.namespace &&
    matchesWorkload(record(policy.spec).selector, pod)
  );
}

function hasLabels({ spec }: KubernetesObject): boolean {
  const { matchLabels } = record(record(spec).selector);
  return Object.keys(record(matchLabels)).length > 0;
}

/** Several when their ages are equal; `undefined` alone when there is none. */
function oldest(
  policies: readonly KubernetesObject[],
): (KubernetesObject | undefined)[] {
  if (policies.length === 0) return [undefined];
  const age = ({ metadata }: KubernetesObject) =>
    metadata.creationTimestamp ?? '';
  const first = policies.map(age).sort()[0];
  return policies.filter(policy => age(policy) === first);
}

function combinations(
  meshes: readonly (KubernetesObject | undefined)[],
  namespaces: readonly (KubernetesObject | undefined)[],
  workloads: readonly (KubernetesObject | undefined)[],
): Chosen[] {
  return meshes.flatMap(mesh =>
    namespaces.flatMap(namespace =>
      workloads.map(workload => ({ mesh, namespace, workload })),
    ),
  );
}

function modeOf({ spec }: KubernetesObject): Mode {
  return readMode(record(record(spec).mtls).mode);
}

function portModeOf({ spec }: KubernetesObject, port: number): Mode {
  const modes = record(record(spec).portLevelMtls);
  return readMode(record(modes[String(port)]).mode);
}

function readMode(mode: unknown): Mode {
  if (mode === 'STRICT') return 'STRICT';
  return mode === 'PERMISSIVE' || mode === 'DISABLE' ? 'OPEN' : 'UNSET';
}
