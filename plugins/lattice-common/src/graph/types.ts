import { LatticeMember } from '../api/memberModel';
import { ObjectKey } from '../api/object';

/**
 * How far an agreement has come.
 *
 * - `agreed`: both exist, the caller depends on the callee, the callee allows the caller.
 * - `halfCaller`: only the caller has declared it, by name.
 * - `halfCallee`: only the callee has declared it, by name.
 */
export type AgreementState = 'agreed' | 'halfCaller' | 'halfCallee';

/** One pair that somebody has named, or that two wildcards agree on. */
export interface AgreementEdge {
  readonly caller: ObjectKey;
  readonly callee: ObjectKey;
  readonly state: AgreementState;
}

/** One change of what is declared. */
export type GraphChange =
  | { readonly set: LatticeMember }
  | {
      readonly remove: ObjectKey;
      /** Which of a key's declarations goes; both when it is left out. */
      readonly kind?: LatticeMember['kind'];
    };

/** How many pairs a key takes part in, by state. */
export type EdgeCounts = Readonly<Record<AgreementState, number>>;

/** A part of a long list of pairs. */
export interface EdgePage {
  /** At most this many. */
  readonly limit: number;
  /** Only pairs after this one. */
  readonly after?: AgreementEdge;
}
