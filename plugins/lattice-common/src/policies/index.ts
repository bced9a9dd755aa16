export * from './ClusterProfile';
export * from './compilePolicies';
export * from './policyIdentity';
export { findMemberProblem, selectsPod } from './memberTarget';
export { findEgressProblem } from './egressRules';
