/**
 * The golden table: for every rule what it lets pass and what it finds, one row a line. The rules' own page,
 * `docs/reference/rules.md`, explains them.
 */
export { chartRows } from './chartRows';
export { directRows } from './directRows';
export { fleetRows } from './fleetRows';
export { memberSharedRows } from './memberSharedRows';
export { overlapRows } from './overlapRows';
export { packageRows } from './packageRows';
export { egressRows, peerRows } from './peerRows';
export { policyRows } from './policyRows';
export { portRows } from './portRows';
export { secretRows } from './secretRows';
export { selectorRows } from './selectorRows';
export type { Golden, Row, RuleRows } from './types';
