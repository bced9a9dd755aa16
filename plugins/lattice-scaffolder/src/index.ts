/**
 * Scaffolder actions of Lattice.
 *
 * @packageDocumentation
 */
export { scaffolderModuleLattice as default } from './module';
export { createGeneratePairAction } from './actions/generatePair';
export { createPublishGiteaPullRequestAction } from './actions/publishGiteaPullRequest';
