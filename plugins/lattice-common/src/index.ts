/**
 * The domain of Lattice, pure and isomorphic.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './api/object';
export * from './api/packageModel';
export * from './api/memberModel';
export * from './permissions';
export * from './views/views';
export * from './client';
export * from './graph';
export * from './policies';
