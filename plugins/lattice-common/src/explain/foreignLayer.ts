import { formatRefs } from './describeDecision';
import { EngineView } from './EngineView';
import { Decision, Flow, FlowDecision } from './engines';
import { formatRef, refOf, uniqueRefs } from './engines/match';
import { link } from './link';
import { ExplainLayer } from './types';

/** What the policies of others change about this traffic. */
export function foreignLayer(
  flow: Flow,
  decision: FlowDecision,
  view: EngineView,
): ExplainLayer {
  const about = view.foreignAbout(flow);
  if (about.length === 0)
    return link(
      'foreignPolicies',
      'pass',
      'No policy of others is about these pods.',
    );
  const refs = uniqueRefs(about.map(refOf));
  const alone = view.decide(flow, { oursOnly: true });
  const foreign = new Set(refs.map(formatRef));
  const deciding = placesOf(decision)
    .filter(({ ruling }) => ruling === decision.ruling)
    .flatMap(({ by }) => by)
    .filter(ref => foreign.has(formatRef(ref)));
  const named = deciding.length > 0 ? uniqueRefs(deciding) : refs;
  if (alone.ruling === 'allow' && decision.ruling === 'deny')
    return {
      ...link(
        'foreignPolicies',
        'fail',
        `${formatRefs(
          named,
        )}, which Lattice did not write, closes what would be open.`,
      ),
      object: named[0],
    };
  if (alone.ruling === 'deny' && decision.ruling === 'allow')
    return {
      ...link(
        'foreignPolicies',
        'pass',
        `${formatRefs(
          named,
        )}, which Lattice did not write, opens what would be closed.`,
      ),
      object: named[0],
    };
  if (decision.ruling === 'unknown' && alone.ruling !== 'unknown')
    return link(
      'foreignPolicies',
      'unknown',
      `What ${formatRefs(refs)} does here cannot be told.`,
    );
  return link(
    'foreignPolicies',
    'pass',
    `${formatRefs(
      refs,
    )}, which Lattice did not write, is about these pods and changes nothing here.`,
  );
}

function placesOf({
  egress,
  ingress,
  peerAuthentication,
  authorization,
}: FlowDecision): Decision[] {
  return [egress, ingress, peerAuthentication, authorization].flatMap(
    one => one ?? [],
  );
}
