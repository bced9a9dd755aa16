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
export { compileWorld, graphOf, judgedWorld } from './compileWorld';
export { Random } from './Random';
export { randomWorld, readManifest, withManifests } from './randomWorld';
export { report, SEED, seedsOf, worldCount } from './runSettings';
export type { External, RandomWorldOptions, World } from './types';
export { OUTSIDE, podId } from './types';
