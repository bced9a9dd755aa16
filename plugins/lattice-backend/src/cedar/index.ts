export type { CedarDecision, CedarEngine } from './CedarEngine';
export {
  PolicyStore,
  type CedarPolicies,
  type PolicyStoreOptions,
} from './PolicyStore';
export * from './requests';
