import { LatticeMember } from '../api/memberModel';
import { ObjectKey } from '../api/object';
import { targetLabels } from '../policies/memberTarget';
import { ExplainPod, FlowEnd, isIdentityLabel } from './engines';
import { ExplainEnd, ExplainWorld } from './types';
import { podsOf } from './WorldIndex';

/** More kinds of pods than this are not looked at one by one. */
const MAX_KINDS = 8;

/** One side of a question, with everything that is known about it. */
export interface ResolvedEnd {
  /** Absent for an end outside. */
  readonly key?: ObjectKey;
  /** Absent when nothing declares the key. */
  readonly member?: LatticeMember;
  /** One of each kind; never empty. */
  readonly ends: readonly FlowEnd[];
  /** `running`: as they are; `declared`: as the declaration says; `guessed`: nothing declares them. */
  readonly source: 'running' | 'declared' | 'guessed' | 'outside';
}

/** Finds the declaration and the pods of one side. Pods that the engines cannot tell apart count once. */
export function resolveEnd(end: ExplainEnd, world: ExplainWorld): ResolvedEnd {
  if ('outside' in end) return { ends: [end], source: 'outside' };
  const { namespace, name } = end;
  const key = { namespace, name };
  const member = world.graph.get(key);
  if (!member) return { key, ends: [guessedPod(key)], source: 'guessed' };
  const running = kindsOf(world.pods ? podsOf(member, world.pods) : []);
  return running.length > 0
    ? { key, member, ends: running, source: 'running' }
    : { key, member, ends: [declaredPod(member)], source: 'declared' };
}

/** A pod as a member declares it. */
export function declaredPod(member: LatticeMember): ExplainPod {
  const { metadata, spec } = member;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: targetLabels(spec.target) ?? {},
    serviceAccount: spec.serviceAccount,
    ambient: spec.ambient,
  };
}

function guessedPod({ namespace, name }: ObjectKey): ExplainPod {
  return { namespace, name, labels: {}, serviceAccount: name, ambient: false };
}

function kindsOf(pods: readonly ExplainPod[]): ExplainPod[] {
  const kinds = new Map<string, ExplainPod>();
  for (const pod of pods) {
    const { name: _name, labels, ...rest } = pod;
    const told = Object.entries(labels).filter(([key]) => isIdentityLabel(key));
    const id = JSON.stringify([rest, told.sort()]);
    if (!kinds.has(id)) kinds.set(id, pod);
    if (kinds.size === MAX_KINDS) break;
  }
  return [...kinds.values()];
}
