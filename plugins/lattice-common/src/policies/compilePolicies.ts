import { LatticeMember } from '../api/memberModel';
import { KubernetesObject, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { agreedPeers, HoldBack } from './agreedPeers';
import { ClusterProfile } from './ClusterProfile';
import { compileCiliumDenyOnly, compileCiliumPolicy } from './compileCilium';
import {
  compileAuthorizationDenyOnly,
  compileAuthorizationPolicy,
  compilePeerAuthentication,
} from './compileIstio';
import { findMemberProblem } from './memberTarget';
import { isInMesh } from './openPorts';
import { withExternals } from './withExternals';

/** What a controller knows beyond declarations. Previews leave it out. */
export interface CompileOptions {
  /**
   * Callees whose own policies are not in place yet. A caller that were let out to such a one would reach ports that
   * nobody has agreed to, so the callee's side comes first.
   */
  readonly holdBack?: HoldBack;
}

/**
 * The policies of one key: what the controller writes, the preview shows and the explanation reads.
 *
 * Self-contained: they deny whatever is not agreed even where nothing else denies. Deterministic: equal graphs give
 * equal objects, byte by byte. Empty when the key is not declared or what it selects cannot be expressed.
 */
export function compilePolicies(
  graph: AgreementGraph,
  key: ObjectKey,
  profile: ClusterProfile,
  options: CompileOptions = {},
): KubernetesObject[] {
  const declared = graph.get(key);
  if (!declared || findMemberProblem(declared, profile)) return [];
  const member = withExternals(graph, declared);
  const peers = agreedPeers(graph, key, options.holdBack);
  const objects: KubernetesObject[] = [];
  if (profile.engines.cilium)
    objects.push(compileCiliumPolicy(member, peers, profile));
  if (isInMesh(member, profile)) {
    objects.push(compileAuthorizationPolicy(member, peers, profile));
    const authentication = compilePeerAuthentication(member, peers);
    if (authentication) objects.push(authentication);
  }
  return objects;
}

/** The same objects with every allowance taken out: what stays while a deleted member's pods still run. */
export function compileDenyOnly(
  member: LatticeMember,
  profile: ClusterProfile,
): KubernetesObject[] {
  if (findMemberProblem(member, profile)) return [];
  return [
    ...(profile.engines.cilium ? [compileCiliumDenyOnly(member)] : []),
    ...(isInMesh(member, profile)
      ? [compileAuthorizationDenyOnly(member)]
      : []),
  ];
}
