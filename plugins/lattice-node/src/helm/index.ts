export {
  createHelm,
  type Helm,
  type HelmOptions,
  type HelmRunOptions,
} from './createHelm';
export {
  buildHelmArguments,
  HelmArgumentError,
  type HelmCommand,
  type ReleaseTarget,
} from './helmArguments';
export {
  checkHelmVersion,
  UnsupportedHelmError,
  type HelmMajor,
  type HelmVersion,
} from './helmVersion';
export {
  isPending,
  readRelease,
  readReleaseHistory,
  readReleaseMetadata,
  releaseSelector,
  ReleaseRecordError,
  RELEASE_SECRET_TYPE,
  withReleaseStatus,
  type ReleaseMetadata,
  type ReleaseRecord,
  type ReleaseStatus,
} from './releaseRecord';
export { outputTail, redactSecrets } from './redact';
export { ProcessStartError, type ProcessResult } from './runProcess';
