/**
 * A local, real control plane for development and tests.
 *
 * @packageDocumentation
 */
export { ALL_PARTS, startLab } from './lab/startLab.ts';
export type { LabOptions } from './lab/startLab.ts';
export type { Lab } from './lab/Lab.ts';
export type { ForgeInfo, LabFile, LabPart, RegistryInfo } from './lab/types.ts';
export { labFilePath } from './lab/labFile.ts';
export { MARKER, MARKER_PATH, SYSTEM_NAMESPACE } from './lab/marker.ts';
export { SECRET_STORE } from './external-secrets-stand-in/startExternalSecrets.ts';
export { CHARTS_PATH } from './registry/startRegistry.ts';
export { ForgeClient } from './forge/ForgeClient.ts';
export type { FileChange } from './forge/ForgeClient.ts';
export { startPostgres } from './database/startPostgres.ts';
export type { Postgres, PostgresInfo } from './database/startPostgres.ts';
export { ApiError, KubernetesClient } from './cluster/KubernetesClient.ts';
export type { KubernetesObject } from './cluster/KubernetesClient.ts';
export { childEnvironment } from './processes/childEnvironment.ts';
export { waitUntil } from './processes/waitUntil.ts';
export { ensurePart, ensureParts } from './parts/ensureParts.ts';
export { cacheDir, checkoutDir, stateDir } from './parts/paths.ts';
export type { PartName, ReadyPart } from './parts/types.ts';
export { chromiumExecutable, chromiumLaunch } from './chromium.ts';
export { RESERVED_ENDS, startJudges } from './judges/index.ts';
export type {
  JudgeAnswer,
  JudgedCase,
  JudgedPod,
  JudgedPolicy,
  JudgedWorld,
  Judges,
  Question,
  Verdict,
} from './judges/index.ts';
export * from './worlds';
