/**
 * The real policy engines as judges of what a set of objects lets through.
 *
 * @packageDocumentation
 */
export { startJudges } from './startJudges.ts';
export { RESERVED_ENDS } from './types.ts';
export type {
  InvalidObject,
  JudgeAnswer,
  JudgedCase,
  JudgedPod,
  JudgedPolicy,
  JudgedWorld,
  Judges,
  Question,
  Verdict,
} from './types.ts';
