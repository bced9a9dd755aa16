export { decideFlow, readPolicies } from './decideFlow';
export type { EnginePolicies, FlowDecision } from './decideFlow';
export { decideCilium } from './cilium';
export type { Direction } from './readCilium';
export { findCiliumRefusal } from './ciliumValidity';
export { isIdentityLabel } from '../../policies/identityLabels';
export { isAbout } from './isAbout';
export { isPod } from './types';
export type {
  Decision,
  EngineContext,
  ExplainPod,
  Flow,
  FlowEnd,
  NamedPort,
  ObjectRef,
  OutsideEnd,
  Ruling,
  RulingReason,
} from './types';
