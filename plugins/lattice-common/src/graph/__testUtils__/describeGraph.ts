import { LatticeMember } from '../../api/memberModel';
import { formatKey } from '../../api/object';
import { AgreementGraph } from '../AgreementGraph';
import { AgreementEdge } from '../types';
import { aKey } from './aMember';

/** The graph of these declarations, taken in one after another. */
export function graphOf(...members: LatticeMember[]): AgreementGraph {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  return graph;
}

/** `a/A -> b/B agreed`. */
export function describeEdge({ caller, callee, state }: AgreementEdge): string {
  return `${formatKey(caller)} -> ${formatKey(callee)} ${state}`;
}

/** All pairs of a key, as sentences. */
export function pairsOf(graph: AgreementGraph, key: string): string[] {
  return graph.edgesOf(aKey(key)).map(describeEdge);
}
