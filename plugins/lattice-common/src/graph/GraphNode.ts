import { LatticeMember } from '../api/memberModel';
import { ObjectKey } from '../api/object';
import { Declarations, NO_DECLARATIONS } from './declarations';
import { AgreementEdge } from './types';

/** Two keys one of which names the other. Both ends hold the same pair. */
export interface NamedPair {
  readonly caller: GraphNode;
  readonly callee: GraphNode;
  /** What the pair looks like from outside; replaced, never changed, when its state moves. */
  edge: AgreementEdge;
}

/** What a key has declared, by the kind of object. */
export type Declared = Partial<Record<LatticeMember['kind'], LatticeMember>>;

/**
 * One key: what it declares, and every pair that it takes part in by name. While nobody has declared it and others
 * name it, it is a placeholder without a member.
 */
export class GraphNode {
  declared: Declared = {};
  /** The declaration that counts: the member's while it exists, else the service's. */
  member: LatticeMember | undefined = undefined;
  wants: Declarations = NO_DECLARATIONS;
  allows: Declarations = NO_DECLARATIONS;
  /** Pairs in which this key calls, sorted by callee. */
  callees: NamedPair[] = [];
  /** Pairs in which this key is called, sorted by caller. */
  callers: NamedPair[] = [];
  /** Services to which this key is an external service for as long as nobody declares it. */
  standIns: Set<GraphNode> | undefined = undefined;

  constructor(readonly id: string, readonly key: ObjectKey) {}

  /** Whether nothing would be lost with this node. */
  get isIdle(): boolean {
    return (
      !this.member &&
      this.callees.length === 0 &&
      this.callers.length === 0 &&
      !this.standIns
    );
  }
}

/** Sorts nodes by their keys. */
export function byId(a: GraphNode, b: GraphNode): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
