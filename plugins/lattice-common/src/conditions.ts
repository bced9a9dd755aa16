import { Condition, ConditionStatus } from './api/object';
import { PackagePhase } from './api/packageModel';

/** Types of conditions in the status of a LatticePackage. */
export const PackageConditions = {
  Ready: 'Ready',
  /** Present only while true. */
  Reconciling: 'Reconciling',
  /** Present only while true: nothing more happens until somebody acts. */
  Stalled: 'Stalled',
  Authorized: 'Authorized',
  DependenciesReady: 'DependenciesReady',
  SecretsResolved: 'SecretsResolved',
  ChartAvailable: 'ChartAvailable',
  Released: 'Released',
  Healthy: 'Healthy',
  Tested: 'Tested',
  Remediated: 'Remediated',
  /** Present only while true. */
  Drifted: 'Drifted',
  /** Present only while true. */
  DeletionBlocked: 'DeletionBlocked',
  /** Does not lower Ready. */
  MeshEnrolled: 'MeshEnrolled',
} as const;

/** Type of a condition of a LatticePackage. */
export type PackageConditionType =
  (typeof PackageConditions)[keyof typeof PackageConditions];

/** Reasons in the conditions of a LatticePackage. */
export const PackageReasons = {
  Succeeded: 'Succeeded',
  Progressing: 'Progressing',
  ProgressingWithRetry: 'ProgressingWithRetry',
  RecoveringInterruptedOperation: 'RecoveringInterruptedOperation',
  Deleting: 'Deleting',
  InvalidSpec: 'InvalidSpec',
  AccessDenied: 'AccessDenied',
  DependencyCycle: 'DependencyCycle',
  RetriesExceeded: 'RetriesExceeded',
  RemovedAPI: 'RemovedAPI',
  ReleaseTooLarge: 'ReleaseTooLarge',
  OwnershipConflict: 'OwnershipConflict',
  CRDDeletionBlocked: 'CRDDeletionBlocked',
  UnsupportedHelmVersion: 'UnsupportedHelmVersion',
  NamespaceNotEnrolled: 'NamespaceNotEnrolled',
  ForeignCRD: 'ForeignCRD',
  Allowed: 'Allowed',
  Denied: 'Denied',
  PolicyError: 'PolicyError',
  AllReady: 'AllReady',
  DependencyNotFound: 'DependencyNotFound',
  DependencyNotReady: 'DependencyNotReady',
  Resolved: 'Resolved',
  NoSecrets: 'NoSecrets',
  NoDefaultStore: 'NoDefaultStore',
  ExternalSecretNotReady: 'ExternalSecretNotReady',
  KeyMissing: 'KeyMissing',
  SecretConflict: 'SecretConflict',
  Stale: 'Stale',
  /** The suite's own CRDs or External Secrets' are not served. */
  KindNotServed: 'KindNotServed',
  Fetched: 'Fetched',
  NotAllowed: 'NotAllowed',
  AuthFailed: 'AuthFailed',
  NotFound: 'NotFound',
  FetchFailed: 'FetchFailed',
  DigestMismatch: 'DigestMismatch',
  ForbiddenObjects: 'ForbiddenObjects',
  RenderFailed: 'RenderFailed',
  InstallSucceeded: 'InstallSucceeded',
  InstallFailed: 'InstallFailed',
  UpgradeSucceeded: 'UpgradeSucceeded',
  UpgradeFailed: 'UpgradeFailed',
  RollbackSucceeded: 'RollbackSucceeded',
  RollbackFailed: 'RollbackFailed',
  UninstallFailed: 'UninstallFailed',
  ApplyConflict: 'ApplyConflict',
  ImmutableField: 'ImmutableField',
  ForeignRevision: 'ForeignRevision',
  Healthy: 'Healthy',
  Degraded: 'Degraded',
  HealthTimeout: 'HealthTimeout',
  Passed: 'Passed',
  Failed: 'Failed',
  RolledBack: 'RolledBack',
  RolledForward: 'RolledForward',
  DriftDetected: 'DriftDetected',
  DependentsExist: 'DependentsExist',
  ResourcesRemaining: 'ResourcesRemaining',
  FinalizersPending: 'FinalizersPending',
  NoMember: 'NoMember',
  Enrolled: 'Enrolled',
  HandWrittenMember: 'HandWrittenMember',
} as const;

/** Reason in a condition of a LatticePackage. */
export type PackageReason =
  (typeof PackageReasons)[keyof typeof PackageReasons];

/** Types of conditions in the status of a LatticeMeshMember, and of a LatticeService that is ours. */
export const MemberConditions = {
  Ready: 'Ready',
  PoliciesApplied: 'PoliciesApplied',
  AgreementsComplete: 'AgreementsComplete',
  TargetsFound: 'TargetsFound',
  IdentityUnique: 'IdentityUnique',
  CiliumValid: 'CiliumValid',
  EnginesKnown: 'EnginesKnown',
  /** Whether pods and namespace take part in the mesh; carries the patch when they do not. */
  Enrolled: 'Enrolled',
  /** Present only while true: a policy that is not ours selects the member's pods. */
  ForeignPolicy: 'ForeignPolicy',
  /** Present only while true: something is declared or set that Lattice does not act on. */
  Unsupported: 'Unsupported',
} as const;

/** Type of a condition of a member. */
export type MemberConditionType =
  (typeof MemberConditions)[keyof typeof MemberConditions];

/** Reasons in the conditions of a member. */
export const MemberReasons = {
  Succeeded: 'Succeeded',
  Progressing: 'Progressing',
  Deleting: 'Deleting',
  InvalidSpec: 'InvalidSpec',
  Applied: 'Applied',
  ApplyFailed: 'ApplyFailed',
  /** An object of the wanted name is not ours; it is left alone. */
  ForeignObject: 'ForeignObject',
  /** Only the deny rules stay, see the decision on deletion. */
  DenyOnly: 'DenyOnly',
  AllAgreed: 'AllAgreed',
  NoAgreements: 'NoAgreements',
  OutboundUnmatched: 'OutboundUnmatched',
  InboundUnmatched: 'InboundUnmatched',
  PodsFound: 'PodsFound',
  NoPods: 'NoPods',
  WholeNamespace: 'WholeNamespace',
  Unique: 'Unique',
  SharedAccount: 'SharedAccount',
  SelectorOverlap: 'SelectorOverlap',
  Accepted: 'Accepted',
  Rejected: 'Rejected',
  NotReported: 'NotReported',
  InMesh: 'InMesh',
  NotInMesh: 'NotInMesh',
  ForeignPolicyFound: 'ForeignPolicyFound',
  /** `ingress`, `advertise`, a waypoint: accepted, reported, not acted on. */
  NotSupported: 'NotSupported',
  Detected: 'Detected',
  Configured: 'Configured',
  EngineMissing: 'EngineMissing',
  EngineLost: 'EngineLost',
  Unknown: 'Unknown',
} as const;

/** Reason in a condition of a member. */
export type MemberReason = (typeof MemberReasons)[keyof typeof MemberReasons];

/** Longest message of a condition, in characters. */
export const MAX_CONDITION_MESSAGE = 1024;

/** A condition before it has a time. */
export type NextCondition = Omit<Condition, 'lastTransitionTime'>;

/**
 * The list with one condition set. `lastTransitionTime` moves only when `status` changes; the order of the
 * list is kept, so that an unchanged status stays equal. Messages are cut to 1 KiB.
 */
export function setCondition(
  conditions: readonly Condition[],
  next: NextCondition,
  now: Date,
): Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  const isSameStatus = before?.status === next.status;
  const after: Condition = {
    ...next,
    message: next.message.slice(0, MAX_CONDITION_MESSAGE),
    lastTransitionTime:
      isSameStatus && before.lastTransitionTime
        ? before.lastTransitionTime
        : now.toISOString().replace(/\.\d{3}Z$/, 'Z'),
  };
  return before
    ? conditions.map(one => (one.type === next.type ? after : one))
    : [...conditions, after];
}

/** The list without the condition of a type. Abnormal conditions are removed when they no longer hold. */
export function removeCondition(
  conditions: readonly Condition[],
  type: string,
): Condition[] {
  return conditions.filter(one => one.type !== type);
}

/** The condition of a type. */
export function findCondition(
  conditions: readonly Condition[],
  type: string,
): Condition | undefined {
  return conditions.find(one => one.type === type);
}

const WAITING_REASONS: readonly string[] = [
  PackageReasons.DependencyNotFound,
  PackageReasons.DependencyNotReady,
  PackageReasons.ExternalSecretNotReady,
  PackageReasons.NamespaceNotEnrolled,
];

function phaseOfUnready(conditions: readonly Condition[]): PackagePhase {
  const statusOf = (type: string): ConditionStatus | undefined =>
    findCondition(conditions, type)?.status;
  const ready = findCondition(conditions, PackageConditions.Ready);
  if (
    statusOf(PackageConditions.Released) === 'True' &&
    statusOf(PackageConditions.Healthy) === 'False'
  ) {
    return 'Degraded';
  }
  if (
    ready?.status === 'Unknown' ||
    ready?.reason === PackageReasons.Progressing
  ) {
    return 'Progressing';
  }
  return ready && WAITING_REASONS.includes(ready.reason) ? 'Pending' : 'Failed';
}

/**
 * The phase for people. In this order: being deleted; stalled is Failed; ready, or ready but unhealthy;
 * not seen yet is Pending; reconciling is Progressing; then by the reason of Ready.
 */
export function derivePhase(
  conditions: readonly Condition[],
  deleting: boolean,
): PackagePhase {
  const isTrue = (type: string) =>
    findCondition(conditions, type)?.status === 'True';
  if (deleting) {
    return 'Deleting';
  }
  if (isTrue(PackageConditions.Stalled)) {
    return 'Failed';
  }
  if (isTrue(PackageConditions.Ready)) {
    return 'Ready';
  }
  if (!findCondition(conditions, PackageConditions.Ready)) {
    return conditions.length > 0 ? 'Progressing' : 'Pending';
  }
  if (isTrue(PackageConditions.Reconciling)) {
    return 'Progressing';
  }
  return phaseOfUnready(conditions);
}
