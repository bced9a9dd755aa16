/**
 * Small random clusters, and what ought to pass in them: for suites that ask the judges.
 *
 * `randomWorld(seed, { withForeign: true })` also has policies that are not ours; `judgedWorld(world,
 * compileWorld(world))` and `allQuestions(world)` are what the judges want to be asked.
 *
 * @packageDocumentation
 */
export { allQuestions } from './allQuestions';
export { BilateralModel } from './bilateralModel';
export { departed } from './departed';
export type { EditedWorlds, EditKind } from './editWorld';
export { EDIT_KINDS, editWorld } from './editWorld';
export type { Fault, FaultKind, Findings } from './findFaults';
export { findFaults, formatFault, lintAll } from './findFaults';
export type { Transition, TransitionState } from './TransitionJudging';
export { TransitionJudging } from './TransitionJudging';
export type { HandOver } from './handOver';
export {
  describeOrder,
  HAND_OVERS,
  handOverOrders,
  handOverWorlds,
} from './handOver';
export { compileWorld, graphOf, judgedWorld } from './compileWorld';
export { Random } from './Random';
export { randomWorld, readManifest, withManifests } from './randomWorld';
export { report, SEED, seedsOf, worldCount } from './runSettings';
export type { External, RandomWorldOptions, World } from './types';
export { OUTSIDE, podId } from './types';
