import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { Random, World } from '../worlds';
import { draftCilium, draftClusterwide } from './oddCilium';
import { Draft } from './oddDraft';
import { draftAuthorization, draftPeerAuthentication } from './oddMesh';
import { draftNetworkPolicy } from './oddNetworkPolicy';

const WRITERS: readonly ((draft: Draft) => KubernetesObject)[] = [
  draftCilium,
  draftCilium,
  draftClusterwide,
  draftNetworkPolicy,
  draftNetworkPolicy,
  draftAuthorization,
  draftAuthorization,
  draftPeerAuthentication,
];

/** Every corner of the policy kinds that is rare in real clusters, so that explanations are asked about those, too. */
export function draftOddPolicies(
  { pods, profile }: World,
  random: Random,
): KubernetesObject[] {
  const { trustDomain, rootNamespace } = profile;
  const draft = { pods, random, trustDomain, rootNamespace };
  return Array.from({ length: random.int(2, 5) }, (_, index) => {
    const object = random.pick(WRITERS)(draft);
    const metadata = { ...object.metadata, name: `odd-${index}` };
    return { ...object, metadata };
  });
}
