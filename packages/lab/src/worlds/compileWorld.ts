import {
  AgreementGraph,
  compilePolicies,
  KubernetesObject,
  LatticeMember,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedWorld } from '../judges';
import { World } from './types';

/** Agreements of these declarations. */
export function graphOf(declared: readonly LatticeMember[]): AgreementGraph {
  const graph = new AgreementGraph();
  for (const member of declared) graph.set(member);
  return graph;
}

/** All policies that the product makes of a world. */
export function compileWorld({ declared, profile }: World): KubernetesObject[] {
  const graph = graphOf(declared);
  return graph.keys().flatMap(key => compilePolicies(graph, key, profile));
}

/** What the judges are shown: a world and policies for it. */
export function judgedWorld(
  world: World,
  policies: readonly KubernetesObject[],
): JudgedWorld {
  const { namespaces, pods, profile, externals, foreign } = world;
  return {
    namespaces,
    pods: [...pods],
    policies: [...policies, ...foreign],
    trustDomain: profile.trustDomain,
    rootNamespace: profile.rootNamespace,
    clusterName: profile.clusterName,
    externals: [...externals],
  };
}
