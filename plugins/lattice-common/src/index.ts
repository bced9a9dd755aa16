/**
 * The domain of Lattice, pure and isomorphic.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './api';
export * from './conditions';
export * from './crds';
export * from './messages';
export * from './validation';
export * from './values';
export * from './permissions';
export * from './views/views';
export * from './client';
export * from './graph';
export * from './policies';
export * from './explain';
export * from './drift';
export * from './advice';
export * from './yaml';
