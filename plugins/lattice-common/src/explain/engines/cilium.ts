import { CiliumIdentity, identitiesOf } from './ciliumIdentity';
import { matchesPorts } from './ciliumPorts';
import { selectsIdentity } from './ciliumSelector';
import { uniqueRefs } from './match';
import { CiliumPolicy, Direction, Entry } from './readCilium';
import {
  Decision,
  EngineContext,
  Flow,
  FlowEnd,
  isPod,
  Match,
  ObjectRef,
} from './types';

const LOCAL_NODE = 'reserved:host';

/**
 * What Cilium decides on one side of a connection, on the port that the traffic really uses. All policies add up;
 * a denial wins over every allowance.
 */
export function decideCilium(
  policies: readonly CiliumPolicy[],
  direction: Direction,
  flow: Flow,
  context: EngineContext,
): Decision {
  const [subject, peer] =
    direction === 'ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
  if (!isPod(subject) || subject.hostNetwork)
    return { ruling: 'allow', reason: 'notEnforced', by: [] };
  const [identity] = identitiesOf(subject, context);
  const sure: Entry[] = [];
  const possible: Entry[] = [];
  let unsure: string | undefined;
  for (const policy of policies) {
    const match = selectsIdentity(policy.subject, identity);
    if (match === false) continue;
    const entries = policy.entriesOf(direction);
    possible.push(...entries);
    if (match === true) sure.push(...entries);
    else unsure = match.unsure;
  }
  const decide = (entries: readonly Entry[]) =>
    decidePeers(entries, direction, peer, { flow, context });
  const decision = decide(sure);
  return unsure === undefined
    ? decision
    : decideAlike([decision, decide(possible)], unsure);
}

function decidePeers(
  entries: readonly Entry[],
  direction: Direction,
  peer: FlowEnd,
  { flow, context }: { flow: Flow; context: EngineContext },
): Decision {
  if (entries.length === 0)
    return { ruling: 'allow', reason: 'notSelected', by: [] };
  const decisions = identitiesOf(peer, context).map(one =>
    decideEntries(entries, direction, one, flow),
  );
  return decideAlike(decisions, 'whether both pods run on one node');
}

/** The same whichever holds, or unknown. */
function decideAlike(decisions: readonly Decision[], unsure: string): Decision {
  return decisions.every(({ ruling }) => ruling === decisions[0].ruling)
    ? decisions[0]
    : notUnderstood(unsure, decisions);
}

function decideEntries(
  entries: readonly Entry[],
  direction: Direction,
  peer: CiliumIdentity,
  flow: Flow,
): Decision {
  const denied = outcome(entries, true, peer, flow);
  if (denied.match === true)
    return { ruling: 'deny', reason: 'denied', by: denied.by };
  const outright = outcome(entries, false, peer, flow);
  const allowed = decideAllowance(entries, outright, direction, peer);
  return denied.match === false || allowed.ruling === 'deny'
    ? allowed
    : notUnderstood(denied.match.unsure, [allowed]);
}

function decideAllowance(
  entries: readonly Entry[],
  allowed: { match: Match; by: ObjectRef[] },
  direction: Direction,
  peer: CiliumIdentity,
): Decision {
  if (allowed.match === true)
    return { ruling: 'allow', reason: 'allowed', by: allowed.by };
  const about = uniqueRefs(entries.map(({ policy }) => policy));
  if (entries.every(({ deniesRest }) => !deniesRest))
    return { ruling: 'allow', reason: 'defaultAllow', by: about };
  if (direction === 'ingress' && peer.labels.has(LOCAL_NODE))
    return { ruling: 'allow', reason: 'ownNode', by: [] };
  if (allowed.match !== false)
    return {
      ruling: 'unknown',
      reason: 'notUnderstood',
      by: about,
      unsure: allowed.match.unsure,
    };
  const denying = entries.filter(({ deniesRest }) => deniesRest);
  return {
    ruling: 'deny',
    reason: 'nothingAllows',
    by: uniqueRefs(denying.map(({ policy }) => policy)),
  };
}

function outcome(
  entries: readonly Entry[],
  isDeny: boolean,
  peer: CiliumIdentity,
  flow: Flow,
): { match: Match; by: ObjectRef[] } {
  const by: ObjectRef[] = [];
  let match: Match = false;
  for (const entry of entries) {
    if (entry.isDeny !== isDeny) continue;
    const matched = matchesEntry(entry, peer, flow);
    if (matched === true) by.push(entry.policy);
    else if (matched !== false) match = matched;
  }
  return by.length > 0 ? { match: true, by: uniqueRefs(by) } : { match, by };
}

function matchesEntry(
  { peers, ports }: Entry,
  peer: CiliumIdentity,
  flow: Flow,
): Match {
  if (peers === 'nobody') return false;
  const isPort = matchesPorts(ports, flow);
  if (isPort === false) return false;
  const isPeer = peers(peer);
  return isPeer === true ? isPort : isPeer;
}

function notUnderstood(
  unsure: string,
  decisions: readonly Decision[],
): Decision {
  return {
    ruling: 'unknown',
    reason: 'notUnderstood',
    by: uniqueRefs(decisions.flatMap(({ by }) => by)),
    unsure,
  };
}
