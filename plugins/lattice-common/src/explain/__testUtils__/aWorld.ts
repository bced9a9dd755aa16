import { LatticeMember } from '../../api/memberModel';
import { KubernetesObject } from '../../api/object';
import { AgreementGraph } from '../../graph/AgreementGraph';
import { aKey } from '../../graph/__testUtils__/aMember';
import { DEFAULT_PROFILE } from '../../policies/ClusterProfile';
import { ExplainPod } from '../engines';
import { ExplainQuestion, ExplainWorld } from '../types';

/** A world of these declarations, with nothing else in it unless said so. */
export function aWorldOf(
  members: readonly LatticeMember[],
  changes: Partial<ExplainWorld> = {},
): ExplainWorld {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  return { graph, profile: DEFAULT_PROFILE, foreignPolicies: [], ...changes };
}

/** Reads `commerce/checkout -> data/redis`. */
export function ask(
  pair: string,
  changes: Partial<ExplainQuestion> = {},
): ExplainQuestion {
  const [caller, callee] = pair.split(' -> ').map(aKey);
  return { caller, callee, ...changes };
}

/** An enrolled pod, unless said otherwise, with its name as label `app` and account. */
export function aPod(
  id: string,
  changes: Partial<ExplainPod> = {},
): ExplainPod {
  const { namespace, name } = aKey(id);
  return {
    namespace,
    name,
    labels: { app: name },
    serviceAccount: name,
    ambient: true,
    ...changes,
  };
}

/** A policy of somebody else. */
export function aPolicy(
  kind: string,
  id: string,
  spec: Record<string, unknown>,
): KubernetesObject {
  const { namespace, name } = aKey(id);
  const groups: Record<string, string> = {
    NetworkPolicy: 'networking.k8s.io/v1',
    CiliumNetworkPolicy: 'cilium.io/v2',
    CiliumClusterwideNetworkPolicy: 'cilium.io/v2',
    AuthorizationPolicy: 'security.istio.io/v1',
    PeerAuthentication: 'security.istio.io/v1',
  };
  return {
    apiVersion: groups[kind],
    kind,
    metadata:
      kind === 'CiliumClusterwideNetworkPolicy'
        ? { name }
        : { name, namespace },
    spec,
  };
}
