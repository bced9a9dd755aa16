import { LatticeMember } from '../api/memberModel';
import { targetLabels } from './memberTarget';

/**
 * The API server refuses an object of 1.5 MiB as a whole, also one that takes something away. Each direction of a
 * policy gets a third of that.
 */
const MAX_LENGTH = 512 * 1024;
/** So few peers fit, whatever they are called. */
const ALWAYS_FIT = 200;
/** What one rule takes besides names, and what one port takes. */
const RULE_LENGTH = 230;
const PORT_LENGTH = 36;
const LABEL_LENGTH = 12;

function lengthOf(peer: LatticeMember, portCount: number): number {
  const { namespace, name } = peer.metadata;
  const labels = targetLabels(peer.spec.target) ?? {};
  let length = RULE_LENGTH + portCount * PORT_LENGTH;
  length += namespace.length + name.length + peer.spec.serviceAccount.length;
  for (const key of Object.keys(labels))
    length += key.length + labels[key].length + LABEL_LENGTH;
  return length;
}

/** The peers that one policy can hold, and how many it cannot: those stay closed. */
export interface LimitedPeers {
  readonly kept: readonly LatticeMember[];
  readonly leftOut: number;
}

/**
 * Takes as many peers as fit into one direction of one policy, in their order.
 *
 * @param portsOf - how many ports the rule of a peer may name
 */
export function limitPeers(
  peers: readonly LatticeMember[],
  portsOf: (peer: LatticeMember) => number,
): LimitedPeers {
  if (peers.length <= ALWAYS_FIT) return { kept: peers, leftOut: 0 };
  let length = 0;
  const end = peers.findIndex(peer => {
    length += lengthOf(peer, portsOf(peer));
    return length > MAX_LENGTH;
  });
  return end < 0
    ? { kept: peers, leftOut: 0 }
    : { kept: peers.slice(0, end), leftOut: peers.length - end };
}
