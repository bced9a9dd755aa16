import { engineLayers } from './describeDecision';
import { EngineView } from './EngineView';
import { Flow } from './engines';
import {
  Explanation,
  ExplainLayer,
  ExplainWorld,
  FlowExplanation,
} from './types';

/** Why traffic between two ends, as they are, passes or does not. Declarations count only through their policies. */
export function explainFlow(flow: Flow, world: ExplainWorld): FlowExplanation {
  return explainFlows([flow], world)[0];
}

/** The same for many, which then share what is compiled for them. */
export function explainFlows(
  flows: readonly Flow[],
  world: ExplainWorld,
): FlowExplanation[] {
  const view = new EngineView(world);
  return flows.map(flow => {
    const decision = view.decide(flow);
    const layers = withoutCilium(engineLayers(flow, decision), world);
    return { flow, decision, layers, ...conclude(layers) };
  });
}

/** The verdict that a chain of enforcing layers comes to. */
export function conclude(layers: readonly ExplainLayer[]): {
  verdict: Explanation['verdict'];
  firstFailing?: ExplainLayer;
} {
  const firstFailing = layers.find(({ verdict }) => verdict === 'fail');
  if (firstFailing) return { verdict: 'denied', firstFailing };
  return {
    verdict: layers.some(({ verdict }) => verdict === 'unknown')
      ? 'unknown'
      : 'allowed',
  };
}

/** Where Cilium is not, nobody here knows what the network lets through. */
export function withoutCilium(
  layers: ExplainLayer[],
  { profile }: ExplainWorld,
): ExplainLayer[] {
  if (profile.engines.cilium) return layers;
  return layers.map(layer =>
    layer.layer === 'ciliumEgress' || layer.layer === 'ciliumIngress'
      ? {
          layer: layer.layer,
          verdict: 'unknown',
          evidence:
            'Without Cilium no policy of Lattice is enforced on the network.',
        }
      : layer,
  );
}
