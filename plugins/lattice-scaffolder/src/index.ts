/**
 * Scaffolder actions of Lattice.
 *
 * @packageDocumentation
 */
export { scaffolderModuleLattice as default } from './module';
