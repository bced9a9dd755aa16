import { formatKey } from '../api/object';
import { declarationLayers } from './declarationLayers';
import { engineLayers } from './describeDecision';
import { EngineView } from './EngineView';
import { Flow, FlowDecision } from './engines';
import { conclude, withoutCilium } from './explainFlow';
import { foreignLayer } from './foreignLayer';
import { DeclaredLayer, PairDecision, PortQuestion } from './link';
import { collectNotes } from './notes';
import { namesLayer, podsLayer, trustDomainLayer } from './podLayers';
import { ResolvedEnd, resolveEnd } from './resolveEnd';
import {
  Explanation,
  ExplainLayer,
  ExplainQuestion,
  ExplainWorld,
} from './types';

/**
 * Why a caller can, or cannot, reach a callee: first what both sides declare, then what each engine makes of it, with
 * the policies of others. Our own policies are compiled for it by the same function as the controller's.
 *
 * Pure: costs what the two sides have declared, not the size of the fleet.
 */
export function explain(
  question: ExplainQuestion,
  world: ExplainWorld,
): Explanation {
  const view = new EngineView(world);
  const caller = resolveEnd(question.caller, world);
  const callee = resolveEnd(question.callee, world);
  const asked = portsToAsk(question, caller, callee).map(port =>
    explainPort({ caller, callee, ...port }, world, view),
  );
  return (
    asked.find(({ verdict }) => verdict === 'denied') ??
    asked.find(({ verdict }) => verdict === 'unknown') ??
    asked[0]
  );
}

/** The port that is asked about; without one, each that the callee declares. */
function portsToAsk(
  { port, protocol }: ExplainQuestion,
  caller: ResolvedEnd,
  callee: ResolvedEnd,
): Pick<PortQuestion, 'port' | 'protocol'>[] {
  const declared = (callee.member?.spec.ports ?? []).filter(
    one => protocol === undefined || one.protocol === protocol,
  );
  if (port !== undefined) {
    const same = declared.find(one => one.port === port);
    return [{ port, protocol: protocol ?? same?.protocol ?? 'TCP' }];
  }
  const outbound = callee.key
    ? []
    : (caller.member?.spec.egress ?? []).flatMap(rule =>
        rule.ports.map(one => ({ port: one, protocol: rule.protocol })),
      );
  const ports = [...declared, ...outbound];
  // A port that no rule names: what is open there is open everywhere.
  return ports.length > 0 ? ports : [{ port: 0, protocol: protocol ?? 'TCP' }];
}

function explainPort(
  question: PortQuestion,
  world: ExplainWorld,
  view: EngineView,
): Explanation {
  const declared = declarationLayers(question, world);
  const pairs = decidePairs(question, view);
  const { flow, decision } = worst(pairs);
  const engine = doubt(
    withoutCilium(engineLayers(flow, decision), world),
    question,
    view.foreign(flow).objects.length > 0,
  );
  const [egress, ingress, ...mesh] = engine;
  const layers = [
    ...declared.map(({ layer }) => layer),
    podsLayer(question, flow, world),
    namesLayer(flow, world, view),
    egress,
    ingress,
    trustDomainLayer(flow, decision, world, view),
    ...mesh,
    foreignLayer(flow, decision, view),
  ];
  const { verdict } = conclude(engine);
  return {
    verdict,
    layers,
    ...failing(verdict, layers, declared),
    notes: collectNotes({
      question,
      verdict,
      layers,
      pairs,
      flow,
      world,
      view,
    }),
  };
}

function failing(
  verdict: Explanation['verdict'],
  layers: readonly ExplainLayer[],
  declared: readonly DeclaredLayer[],
): Pick<Explanation, 'firstFailing' | 'missing' | 'alsoMissing'> {
  const first = layers.find(one => one.verdict === 'fail');
  if (verdict === 'allowed' || !first) return {};
  const missing = declared.flatMap(one =>
    one.layer.verdict === 'fail' && one.missing ? [one.missing] : [],
  );
  const once = missing.filter(
    (one, index) =>
      missing.findIndex(({ patch }) => patch === one.patch) === index,
  );
  return {
    firstFailing: first,
    ...(once[0] ? { missing: once[0] } : {}),
    ...(once.length > 1 ? { alsoMissing: once.slice(1) } : {}),
  };
}

function decidePairs(
  { caller, callee, port, protocol }: PortQuestion,
  view: EngineView,
): PairDecision[] {
  const flows = caller.ends.flatMap(from =>
    callee.ends.map((to): Flow => ({ from, to, port, protocol })),
  );
  // What a pod sends to itself never leaves it.
  const between = flows.filter(
    ({ from, to }) =>
      from !== to || !caller.alone.has(from) || !callee.alone.has(to),
  );
  const asked = between.length > 0 ? between : flows;
  return asked.map(flow => ({ flow, decision: view.decide(flow) }));
}

/** A service is reachable when all of its pods are, from all of the caller's. */
function worst(pairs: readonly PairDecision[]): PairDecision {
  const ruled = (ruling: FlowDecision['ruling']) =>
    pairs.find(({ decision }) => decision.ruling === ruling);
  return ruled('deny') ?? ruled('unknown') ?? pairs[0];
}

/** Of an end that nothing declares the pods are not known: only what is denied whoever they are counts. */
function doubt(
  layers: readonly ExplainLayer[],
  { caller, callee }: PortQuestion,
  isForeignAround: boolean,
): ExplainLayer[] {
  const isKnown = ({ source }: ResolvedEnd) => source !== 'guessed';
  if (isKnown(caller) && isKnown(callee)) return [...layers];
  const names = [caller, callee]
    .flatMap(end => (isKnown(end) || !end.key ? [] : formatKey(end.key)))
    .join(' and ');
  return layers.map(layer => {
    const subject = layer.layer === 'ciliumEgress' ? caller : callee;
    const isNetwork = layer.layer.startsWith('cilium');
    const isSure =
      isNetwork &&
      isKnown(subject) &&
      layer.verdict === 'fail' &&
      !isForeignAround;
    return isSure || (layer.verdict === 'skipped' && isNetwork)
      ? layer
      : {
          layer: layer.layer,
          verdict: 'unknown',
          evidence: `Nothing declares ${names}, so that its pods are not known.`,
        };
  });
}
