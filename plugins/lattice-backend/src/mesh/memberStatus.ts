import {
  AgreementEdge,
  Condition,
  EdgeState,
  formatKey,
  KubernetesObject,
  MemberConditions,
  MemberEdgeStatus,
  MemberReasons,
  MemberStatus,
  ObjectKey,
  readMemberStatus,
  removeCondition,
  setCondition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { memberConditions, MemberFacts } from './memberConditions';

/**
 * Most edges that a status lists. A wildcard may agree with thousands, and the API server refuses an object that is too
 * large as a whole; those that the declaration names come first.
 */
export const MAX_STATUS_EDGES = 500;

/** What a status is made of. */
export interface StatusInput extends MemberFacts {
  /** The object whose status it is. */
  readonly object: KubernetesObject;
  /** How far an agreed pair has come. */
  readonly stateOf: (edge: AgreementEdge) => EdgeState;
  readonly now: Date;
}

/** The status of a member or service. Times move only with what they are about, so that a status can come to rest. */
export function memberStatus(input: StatusInput): MemberStatus {
  const { object, outcome, declaration, now } = input;
  const generation = object.metadata.generation ?? 0;
  const previous = readMemberStatus(object.status);
  let conditions: Condition[] = [...previous.conditions];
  const next = memberConditions(input);
  for (const type of Object.values(MemberConditions))
    if (!next.some(condition => condition.type === type))
      conditions = removeCondition(conditions, type);
  for (const condition of next)
    conditions = setCondition(
      conditions,
      { ...condition, observedGeneration: generation },
      now,
    );
  const scope =
    declaration &&
    ('namespace' in declaration.spec.target ? 'Namespace' : 'Workload');
  return {
    observedGeneration: generation,
    phase: phaseOf(conditions),
    ...(scope ? { scope } : {}),
    conditions,
    appliedResources: outcome.live
      .map(({ kind, metadata: { name } }) => ({ kind, name }))
      .sort((a, b) => compare(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`)),
    edges: listedEdges(input).map(edge =>
      edgeStatus(edge, input, previous.edges),
    ),
    ...(input.edges.length > MAX_STATUS_EDGES
      ? { edgesTotal: input.edges.length }
      : {}),
  };
}

function listedEdges({ object, edges, declaration }: StatusInput) {
  if (edges.length <= MAX_STATUS_EDGES) return edges;
  const own = formatKey(keyOf(object));
  const { allowedCallers = [], dependencies = [] } = declaration?.spec ?? {};
  const written = new Set(
    [...allowedCallers, ...dependencies].map(
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
  );
  const isNamed = ({ caller, callee }: AgreementEdge) =>
    written.has(formatKey(formatKey(caller) === own ? callee : caller));
  const named = edges.filter(isNamed);
  const others = edges.filter(edge => !isNamed(edge));
  const listed = new Set([...named, ...others].slice(0, MAX_STATUS_EDGES));
  return edges.filter(edge => listed.has(edge));
}

function edgeStatus(
  edge: AgreementEdge,
  { object, stateOf, now }: StatusInput,
  previous: readonly MemberEdgeStatus[],
): MemberEdgeStatus {
  const own = formatKey(keyOf(object));
  const isOutbound = formatKey(edge.caller) === own;
  const direction = isOutbound ? 'outbound' : 'inbound';
  const peer = isOutbound ? edge.callee : edge.caller;
  const state = stateOf(edge);
  const before = previous.find(
    one =>
      one.direction === direction && formatKey(one.peer) === formatKey(peer),
  );
  return {
    direction,
    peer,
    state,
    since:
      before?.state === state && before.since
        ? before.since
        : now.toISOString().replace(/\.\d{3}Z$/, 'Z'),
  };
}

const FAILED_REASONS: readonly string[] = [
  MemberReasons.InvalidSpec,
  MemberReasons.ApplyFailed,
  MemberReasons.ForeignObject,
  MemberReasons.EngineMissing,
  MemberReasons.EngineLost,
  MemberReasons.Rejected,
  MemberReasons.NotSupported,
];

function phaseOf(conditions: readonly Condition[]): MemberStatus['phase'] {
  const ready = conditions.find(({ type }) => type === MemberConditions.Ready);
  if (ready?.status === 'True') return 'Ready';
  return FAILED_REASONS.includes(ready?.reason ?? '')
    ? 'Failed'
    : 'Progressing';
}

function keyOf({ metadata }: KubernetesObject): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
