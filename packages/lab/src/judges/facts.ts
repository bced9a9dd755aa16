import type { JudgedWorld, Question } from './types.ts';

/** Something that an engine is known to do, as a world and what must come out of it. */
export type Fact = {
  /** The fact as a sentence. */
  says: string;
  world: JudgedWorld;
  /** Each as `from -> to:port` with `/udp` behind the port when it is not TCP. */
  open?: string[];
  closed?: string[];
  /** Objects that an engine must refuse, as it names them. */
  refused?: string[];
};

/** Reads `from -> to:port` or `from -> to:port/udp`. */
export function readFlow(flow: string): Question {
  const match = /^(\S+) -> (\S+):(\d+)(\/udp)?$/.exec(flow);
  if (!match) {
    throw new Error(`'${flow}' is not 'from -> to:port'`);
  }
  const [, from, to, port, udp] = match;
  return { from, to, port: Number(port), protocol: udp ? 'UDP' : 'TCP' };
}

/** All questions of a fact, the open ones first. */
export function questionsOf({ open = [], closed = [] }: Fact): Question[] {
  return [...open, ...closed].map(readFlow);
}
