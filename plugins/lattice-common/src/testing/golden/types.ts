import { Fleet, RuleId } from '../../validation';
import { Patch } from '../manifests';

/**
 * A row: what it says; what is changed in a valid manifest; everything that is found, as `rule path`, with
 * `(warning)` where it does not refuse.
 */
export type Row<S = Patch> = readonly [
  sentence: string,
  subject: S,
  found?: readonly string[],
];

/** The rows of one rule: close calls that it lets pass, and what it speaks up about. */
export interface RuleRows<S = Patch> {
  readonly passes: readonly Row<S>[];
  readonly finds: readonly Row<S>[];
}

/** Part of the golden table. */
export type Golden<R extends RuleId, S = Patch> = Readonly<
  Record<R, RuleRows<S>>
>;

/** What is looked at together; the rest is empty. */
export type Part = Partial<Fleet>;
