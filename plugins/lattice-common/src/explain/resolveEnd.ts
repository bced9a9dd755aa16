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
  /** Those of the ends that stand for themselves alone. */
  readonly alone: ReadonlySet<FlowEnd>;
  /** `running`: as they are; `declared`: as the declaration says; `guessed`: nothing declares them. */
  readonly source: 'running' | 'declared' | 'guessed' | 'outside';
}

/** Finds the declaration and the pods of one side. Pods that the engines cannot tell apart count once. */
export function resolveEnd(end: ExplainEnd, world: ExplainWorld): ResolvedEnd {
  const alone = new Set<FlowEnd>();
  if ('outside' in end) return { ends: [end], alone, source: 'outside' };
  const { namespace, name } = end;
  const key = { namespace, name };
  const member = world.graph.get(key);
  if (!member)
    return { key, ends: [guessedPod(key)], alone, source: 'guessed' };
  const kinds = kindsOf(world.pods ? podsOf(member, world.pods) : []);
  if (kinds.length === 0)
    return {
      key,
      member,
      ends: [declaredPod(member)],
      alone,
      source: 'declared',
    };
  for (const { pod, count } of kinds) if (count === 1) alone.add(pod);
  return {
    key,
    member,
    ends: kinds.map(({ pod }) => pod),
    alone,
    source: 'running',
  };
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

interface Kind {
  readonly pod: ExplainPod;
  count: number;
}

function kindsOf(pods: readonly ExplainPod[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const pod of pods) {
    const { name: _name, labels, ...rest } = pod;
    const told = Object.entries(labels).filter(([key]) => isIdentityLabel(key));
    const id = JSON.stringify([rest, told.sort()]);
    const kind = kinds.get(id);
    if (kind) kind.count += 1;
    else if (kinds.size < MAX_KINDS) kinds.set(id, { pod, count: 1 });
  }
  return [...kinds.values()];
}
