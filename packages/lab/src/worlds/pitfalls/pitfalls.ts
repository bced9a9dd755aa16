import { declarationPitfalls } from './declarationPitfalls';
import { emptyListPitfalls } from './emptyListPitfalls';
import { meshPitfalls } from './meshPitfalls';
import { networkBreakages } from './networkBreakages';
import { networkPeerPitfalls } from './networkPeerPitfalls';
import { Pitfall } from './Pitfall';
import { updatePitfalls } from './updatePitfalls';

/** How many traps are known. None may be left out of the list. */
export const KNOWN_PITFALLS = 44;

const numberOf = ({ id }: Pitfall) => Number(id.slice(1));

/** Every known trap between a declaration and what engines make of it, in the order of its number. */
export const PITFALLS: readonly Pitfall[] = [
  ...emptyListPitfalls,
  ...networkPeerPitfalls,
  ...networkBreakages,
  ...meshPitfalls,
  ...declarationPitfalls,
  ...updatePitfalls,
].sort((a, b) => numberOf(a) - numberOf(b));
