export * from './inspectChart';
export { parseManifest, ManifestError } from './parseManifest';
export { groupOf, isClusterScoped, isPolicyObject } from './objectKinds';
