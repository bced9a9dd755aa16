import { ReleaseMetadata } from '@lattice-portal/backstage-plugin-lattice-node';
import { Gate } from './PackageWorld';

/** A fact that a pass looks at only when it needs it. */
export type Fact =
  | 'releases'
  | 'authorization'
  | 'dependencies'
  | 'secrets'
  | 'chart'
  | 'health'
  | 'deletion'
  | 'remaining';

/** A gate that is not open. */
export type ClosedGate = Extract<Gate, { isOpen: false }>;

/** Where a package stands. Exactly one holds; each leads to exactly one step (`nextStep`). */
export type PackageState =
  | { readonly kind: 'unknown'; readonly missing: Fact }
  | { readonly kind: 'gone' }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'blocked'; readonly gate: ClosedGate }
  | { readonly kind: 'unclaimed' }
  /** An operation of ours ended before we could note how. */
  | { readonly kind: 'unsettled'; readonly last: ReleaseMetadata | undefined }
  /** Helm's lock is held by nobody that lives. */
  | { readonly kind: 'interrupted'; readonly last: ReleaseMetadata }
  /** Helm's lock may be held by somebody else. */
  | { readonly kind: 'locked'; readonly untilMs: number }
  | {
      readonly kind: 'foreign';
      readonly last: ReleaseMetadata;
      readonly reason: string;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'halfRemoved'; readonly last: ReleaseMetadata }
  | { readonly kind: 'outOfSync'; readonly last: ReleaseMetadata }
  | {
      readonly kind: 'failed';
      readonly last: ReleaseMetadata;
      readonly rollbackTo?: number;
    }
  | { readonly kind: 'backingOff'; readonly untilMs: number }
  /** The budget is spent: only a slow probe goes on. */
  | { readonly kind: 'exhausted'; readonly untilMs: number }
  | { readonly kind: 'unknownDigest'; readonly last: ReleaseMetadata }
  | { readonly kind: 'inSync'; readonly last: ReleaseMetadata }
  | {
      readonly kind: 'unhealthy';
      readonly last: ReleaseMetadata;
      readonly isLate: boolean;
      readonly rollbackTo?: number;
    }
  | { readonly kind: 'held'; readonly dependents: readonly string[] }
  | { readonly kind: 'removable'; readonly last: ReleaseMetadata }
  | { readonly kind: 'removing'; readonly remaining: readonly string[] }
  | { readonly kind: 'removed'; readonly last?: ReleaseMetadata };
