export { findCiliumRefusal } from './engines';
export { explain } from './explain';
export { explainFlow, explainFlows } from './explainFlow';
export { readExplainPod } from './readExplainPod';
export { EXPLAIN_LAYERS } from './types';
export type {
  Explanation,
  ExplainEnd,
  ExplainLayer,
  ExplainLayerName,
  ExplainQuestion,
  ExplainWorld,
  FlowExplanation,
  LayerVerdict,
  MissingDeclaration,
} from './types';
export type {
  Decision,
  ExplainPod,
  Flow,
  FlowDecision,
  FlowEnd,
  NamedPort,
  ObjectRef,
  OutsideEnd,
  Ruling,
  RulingReason,
} from './engines';
export { decideCilium, isAbout, readPolicies } from './engines';
export type { EngineContext, EnginePolicies } from './engines';
export { comparePairs } from './comparePairs';
export type { OutsideChange, PairChange, PairComparison } from './comparePairs';
export { exposureOf, MAX_EXPOSURE_ENTRIES } from './exposure';
export type { Exposure, Reach, ReachedThrough } from './exposure';
export { findUnprotected } from './findUnprotected';
export type { UnprotectedPod } from './findUnprotected';
