export * from './chartChanges';
export * from './chartInspection';
export * from './compareCharts';
export { DEFAULT_ACCOUNT } from './driftMessages';
export { findDrift } from './findDrift';
export * from './mergePatch';
export {
  DriftKinds,
  type DriftFinding,
  type DriftKind,
  type DriftSeverity,
  type DriftSource,
  type DriftWorld,
  type PackageOrigin,
  type PatchedObject,
  type RenderedRelease,
  type RunningPod,
  type RunningService,
  type SuggestedPatch,
  type WorkloadRef,
} from './types';
