import { NextCondition } from '@lattice-portal/backstage-plugin-lattice-common';

/** What is found about one condition. */
export type Verdict = Omit<NextCondition, 'type' | 'observedGeneration'>;

/** It holds. */
export function yes(reason: string, message: string): Verdict {
  return { status: 'True', reason, message };
}

/** It does not hold. */
export function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}

/** It cannot be told. */
export function unknown(reason: string, message: string): Verdict {
  return { status: 'Unknown', reason, message };
}
