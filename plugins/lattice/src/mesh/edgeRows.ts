import {
  ClusterResult,
  EdgeState,
  EdgeView,
  ObjectKey,
  formatKey,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** One agreement as shown; the graph and the table are made of the same rows. */
export interface EdgeRow extends EdgeView {
  readonly id: string;
  /** The far side. */
  readonly peer: ObjectKey;
  /** The state rests on an old or partial answer and was lowered to unknown. */
  readonly isStale: boolean;
}

/**
 * The rows of a member's agreements, callers first.
 *
 * @remarks
 * Nothing is called enforced on the word of a cluster that does not answer fully.
 */
export function edgeRows(
  edges: readonly EdgeView[],
  cluster: Pick<ClusterResult, 'complete'>,
): EdgeRow[] {
  return edges
    .map(edge => {
      const isStale = !cluster.complete && edge.state === 'enforced';
      const state: EdgeState = isStale ? 'unknown' : edge.state;
      const peer = edge.direction === 'inbound' ? edge.caller : edge.callee;
      const id = `${edge.direction}:${formatKey(peer)}`;
      return { ...edge, id, isStale, peer, state };
    })
    .sort((left, right) => left.id.localeCompare(right.id));
}

/** Which side has declared its half, as far as can be told. */
export type HalfState = 'declared' | 'missing' | 'cannotTell';

const HALVES: Record<EdgeState, { caller: HalfState; callee: HalfState }> = {
  enforced: { caller: 'declared', callee: 'declared' },
  agreed: { caller: 'declared', callee: 'declared' },
  halfCaller: { caller: 'declared', callee: 'missing' },
  halfCallee: { caller: 'missing', callee: 'declared' },
  refused: { caller: 'cannotTell', callee: 'cannotTell' },
  unknown: { caller: 'cannotTell', callee: 'cannotTell' },
};

/** The two halves of an agreement. */
export function halvesOf(state: EdgeState) {
  return HALVES[state];
}

/** The line that would complete a half agreement, and the object it belongs into. */
export interface MissingLine {
  readonly owner: ObjectKey;
  readonly yaml: string;
}

/** Says what is missing of a half agreement; undefined for every other state. */
export function missingLine(
  row: Pick<EdgeView, 'state' | 'caller' | 'callee'>,
): MissingLine | undefined {
  if (row.state === 'halfCaller') {
    return {
      owner: row.callee,
      yaml: listItem('allowedCallers', row.caller),
    };
  }
  if (row.state === 'halfCallee') {
    return { owner: row.caller, yaml: listItem('dependencies', row.callee) };
  }
  return undefined;
}

function listItem(field: string, key: ObjectKey): string {
  return [
    'spec:',
    `  ${field}:`,
    `    - namespace: ${key.namespace}`,
    `      name: ${key.name}`,
  ].join('\n');
}
