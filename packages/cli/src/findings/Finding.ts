import {
  LatticeMember,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';

/** One finding, as `--output json` prints it (`schema/findings.schema.json`). */
export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** As the user named it, or below the folder that the user named; `-` is standard input. */
  readonly file: string;
  /** Begins at 1. */
  readonly line: number;
  /** Begins at 1. */
  readonly column: number;
  /** `Kind namespace/name`, empty when the file could not be read. */
  readonly object: string;
  readonly path: string;
  readonly message: string;
  /** Page and heading of the rule, below the root of the documentation. */
  readonly link: string;
}

/** `Kind namespace/name`. */
export function describeObject(kind: string, key: Partial<ObjectKey>): string {
  return `${kind} ${key.namespace ?? '?'}/${key.name ?? '?'}`;
}

/** The object that somebody has written: for a `mesh` block, the package. */
export function describeMember(member: LatticeMember): string {
  return member.fromPackage
    ? describeObject('LatticePackage', member.fromPackage)
    : describeObject(member.kind, member.metadata);
}

/** Whether anything refuses. */
export function hasErrors(
  findings: readonly Pick<Finding, 'severity'>[],
): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
