import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';

/** One finding, as `--output json` prints it. */
export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** Begins at 1. */
  readonly line: number;
  /** `Kind namespace/name`, empty when the file could not be read. */
  readonly object: string;
  readonly path: string;
  readonly message: string;
}

/** `Kind namespace/name`. */
export function describeObject(kind: string, key: Partial<ObjectKey>): string {
  return `${kind} ${key.namespace ?? '?'}/${key.name ?? '?'}`;
}

/** Whether anything refuses. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
