export * from './externalSecret';
export * from './maskValues';
export type { Place } from './place';
export { planSecrets } from './planSecrets';
export * from './references';
export {
  ReferenceResolver,
  shownName,
  type DeclaredResources,
  type ResolvedReference,
} from './resolveReference';
export * from './scanReferences';
export { secretForms } from './secretForms';
export * from './secretName';
export * from './secretPlan';
export * from './substituteValues';
export * from './variables';
export * from './walkValues';
