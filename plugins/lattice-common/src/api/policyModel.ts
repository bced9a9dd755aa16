import { Condition, ObjectMeta } from './object';

/** What whoever validates a CedarPolicy reports of it. */
export interface PolicyStatus {
  readonly observedGeneration: number;
  readonly phase?: 'Pending' | 'Valid' | 'Invalid';
  readonly conditions: readonly Condition[];
  readonly message?: string;
  readonly permitCount?: number;
  readonly forbidCount?: number;
  /** RFC 3339. */
  readonly lastValidated?: string;
  readonly validationErrors: readonly string[];
}

/** A CedarPolicy: policies as text, and whether they count. */
export interface CedarPolicy {
  readonly metadata: ObjectMeta;
  readonly policies: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly status?: PolicyStatus;
}
