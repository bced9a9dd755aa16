/**
 * What the Lattice backend, its modules and its command line share.
 *
 * @packageDocumentation
 */
export * from './charts';
export * from './extensions';
export * from './helm';
