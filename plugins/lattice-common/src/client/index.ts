export * from './LatticeApi';
export * from './LatticeClient';
export * from './openApiDocument';
export type { components, operations, paths } from './schema.gen';
