export * from './inspectChart';
export { parseManifest, ManifestError } from './parseManifest';
export { groupOf, isClusterScoped, isPolicyObject } from './objectKinds';
export { ChartError, type ChartErrorReason } from './chartErrors';
export {
  createChartSource,
  type ChartFetchOptions,
  type ChartSource,
  type ChartSourceOptions,
  type FetchedChart,
} from './ChartSource';
export type { ChartArchive, ChartMetadata } from './readChartArchive';
export type { ChartCredentials } from './registryClient';
export { coversRepository, type ChartMirror } from './repositoryUrl';
export { readIndexEntries, type IndexEntry } from './repositoryIndex';
export { renderChart, RenderError, type RenderRequest } from './renderChart';
