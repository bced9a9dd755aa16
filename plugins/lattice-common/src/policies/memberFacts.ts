import { LatticeMember } from '../api/memberModel';
import { ClusterProfile } from './ClusterProfile';

/** What follows from a declaration alone and is asked for in the policies of each of its neighbours. */
export interface MemberFacts {
  /** Why no policy can be made of it; `false` when one can, `undefined` while nobody has asked. */
  problem?: string | false;
  /** Name of its policies. */
  policyName?: string;
  /** Its labels as a peer, for one profile. */
  peer?: {
    readonly profile: ClusterProfile;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** Declarations are never changed but replaced, so what was found out once holds for as long as they live. */
const known = new WeakMap<LatticeMember, MemberFacts>();

/** The one place for everything that is remembered of a declaration: looking it up costs more than some of it. */
export function memberFacts(member: LatticeMember): MemberFacts {
  const held = known.get(member);
  if (held) return held;
  const facts: MemberFacts = {
    problem: undefined,
    policyName: undefined,
    peer: undefined,
  };
  known.set(member, facts);
  return facts;
}
