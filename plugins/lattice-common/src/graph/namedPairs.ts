import { coversNamespace, Declarations } from './declarations';
import { byId, GraphNode, NamedPair } from './GraphNode';
import { AgreementState } from './types';

type FarEnd = 'caller' | 'callee';

/** Where the pair with a far end of this id stands, or would stand. */
function placeOf(
  pairs: readonly NamedPair[],
  far: FarEnd,
  id: string,
): { index: number; isHeld: boolean } {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pairs[middle][far].id < id) low = middle + 1;
    else high = middle;
  }
  return {
    index: low,
    isHeld: low < pairs.length && pairs[low][far].id === id,
  };
}

/** Whether one of the two names the other. */
export function isNamedPair(caller: GraphNode, callee: GraphNode): boolean {
  return (
    caller.wants.names.has(callee.id) || callee.allows.names.has(caller.id)
  );
}

/** Whether both mean each other by wildcard. */
export function isWildPair(caller: GraphNode, callee: GraphNode): boolean {
  return (
    coversNamespace(caller.wants, callee.key.namespace) &&
    coversNamespace(callee.allows, caller.key.namespace)
  );
}

function stateOf(caller: GraphNode, callee: GraphNode): AgreementState {
  const isNamed = caller.wants.names.has(callee.id);
  const isWanted =
    isNamed || coversNamespace(caller.wants, callee.key.namespace);
  const isAllowed =
    callee.allows.names.has(caller.id) ||
    coversNamespace(callee.allows, caller.key.namespace);
  if (isWanted && isAllowed) return 'agreed';
  // A wildcard alone names nobody, so nothing is missing from the other side.
  return isNamed ? 'halfCaller' : 'halfCallee';
}

function edgeOf(caller: GraphNode, callee: GraphNode): NamedPair['edge'] {
  return {
    caller: caller.key,
    callee: callee.key,
    state: stateOf(caller, callee),
  };
}

/** Brings a pair's state to what its two ends declare now. */
function refreshPair(pair: NamedPair): void {
  const { caller, callee, edge } = pair;
  if (edge.state !== stateOf(caller, callee))
    pair.edge = edgeOf(caller, callee);
}

/** The two directions in which a key takes part in pairs, and where the other end keeps the same pair. */
const DIRECTIONS = {
  callees: { far: 'callee', back: 'callers', near: 'caller', said: 'wants' },
  callers: { far: 'caller', back: 'callees', near: 'callee', said: 'allows' },
} as const;

/** A direction in which a key takes part in pairs. */
export type Direction = keyof typeof DIRECTIONS;

function insertPair(pairs: NamedPair[], far: FarEnd, pair: NamedPair): void {
  pairs.splice(placeOf(pairs, far, pair[far].id).index, 0, pair);
}

function removePair(pairs: NamedPair[], far: FarEnd, pair: NamedPair): void {
  const { index, isHeld } = placeOf(pairs, far, pair[far].id);
  if (isHeld) pairs.splice(index, 1);
}

/**
 * Brings the pairs of one direction, on both ends, to what a node declares now: drops those that nobody names any
 * more, brings the states of the others up to date, adds those that are new.
 *
 * @returns the far ends of dropped pairs
 */
export function renewPairs(
  node: GraphNode,
  direction: Direction,
  before: Declarations,
  nodeOf: (id: string) => GraphNode,
): GraphNode[] {
  const { far, back, near, said } = DIRECTIONS[direction];
  if (node[direction].length === 0 && node[said].names.size === 0) return [];
  const dropped: GraphNode[] = [];
  const kept = node[direction].filter(pair => {
    const isNamed = isNamedPair(pair.caller, pair.callee);
    if (isNamed) refreshPair(pair);
    else {
      removePair(pair[far][back], near, pair);
      dropped.push(pair[far]);
    }
    return isNamed;
  });
  const heldCount = kept.length;
  for (const id of node[said].names) {
    if (before.names.has(id)) continue;
    const other = nodeOf(id);
    // Whom the other end names as well is held already.
    if (other[far === 'callee' ? 'allows' : 'wants'].names.has(node.id))
      continue;
    const [caller, callee] = far === 'callee' ? [node, other] : [other, node];
    const pair = { caller, callee, edge: edgeOf(caller, callee) };
    insertPair(other[back], near, pair);
    kept.push(pair);
  }
  if (kept.length > heldCount) kept.sort((a, b) => byId(a[far], b[far]));
  node[direction] = kept;
  return dropped;
}
