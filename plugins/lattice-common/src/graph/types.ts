import { ObjectKey } from '../api/object';

/**
 * How far an agreement has come.
 *
 * - `agreed`: both exist, the caller depends on the callee, the callee allows the caller.
 * - `halfCaller`: only the caller has declared it, by name.
 * - `halfCallee`: only the callee has declared it, by name.
 */
export type AgreementState = 'agreed' | 'halfCaller' | 'halfCallee';

/** One pair that somebody has named. */
export interface AgreementEdge {
  readonly caller: ObjectKey;
  readonly callee: ObjectKey;
  readonly state: AgreementState;
}
