/**
 * Scaffolder actions of Lattice.
 *
 * @packageDocumentation
 */
export { scaffolderModuleLattice as default } from './module';
export { createCheckPairAction } from './actions/checkPair';
export { createInspectChartAction } from './actions/inspectChart';
export { createGeneratePairAction } from './actions/generatePair';
export { createPublishGiteaPullRequestAction } from './actions/publishGiteaPullRequest';
