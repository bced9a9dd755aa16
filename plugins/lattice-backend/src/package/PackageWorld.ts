import {
  LatticePackage,
  ObjectKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { HealthReport } from './workloadHealth';

/** What we want helm to have released, as far as it can be compared. Holds no values. */
export interface WantedRelease {
  /** Stands for repository, name, version and pin of the chart. */
  readonly chartKey: string;
  /** `v1:<key id>:<hex>`. */
  readonly valuesDigest: string;
}

/** A gate that is open, or why it is not. */
export type Gate =
  | { readonly isOpen: true; readonly reason: string; readonly message: string }
  | {
      readonly isOpen: false;
      readonly reason: string;
      readonly message: string;
      /** Nothing changes until somebody acts. */
      readonly isStalled: boolean;
    };

/** What stands in the way of a deletion. */
export interface DeletionFacts {
  /** Live packages that depend on this one and must go first. */
  readonly dependents: readonly ObjectKey[];
  /** Objects of the release that are still there; absent = not looked yet. */
  readonly remaining?: readonly string[];
}

/**
 * Everything that a pass knows, gathered step by step: a fact that is absent has not been looked at yet. Only facts,
 * never values of secrets.
 */
export interface PackageWorld {
  readonly pkg: LatticePackage;
  readonly now: Date;
  readonly hasFinalizer: boolean;
  /** Of the release namespace. */
  readonly namespace: { readonly isTerminating: boolean };
  /** Spec, namespace enrolment. Looked at on every pass. */
  readonly admission: Gate;
  readonly releases?: readonly ReleaseMetadata[];
  readonly authorization?: Gate;
  readonly dependencies?: Gate;
  readonly secrets?: Gate;
  /** Used secrets differ from those of the last success: a rollback would revive old ones. */
  readonly haveSecretsMoved?: boolean;
  readonly wanted?: WantedRelease;
  /** Fetched, rendered and scanned. */
  readonly chart?: Gate;
  readonly health?: HealthReport;
  readonly isEnrolled?: boolean;
  readonly deletion?: DeletionFacts;
}
