import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { findMemberProblem } from '../policies/memberTarget';
import { isInMesh } from '../policies/openPorts';
import { listPorts } from './describeDecision';
import { ExplainPod, isIdentityLabel } from './engines';
import { ExplainWorld } from './types';

/** What of a service is not protected, or less than it seems. */
export function exposureWarnings(
  member: LatticeMember,
  pods: readonly ExplainPod[],
  overlapping: readonly LatticeMember[],
  world: ExplainWorld,
): string[] {
  const { profile } = world;
  const problem = findMemberProblem(member, profile);
  return [
    ...(profile.engines.cilium
      ? []
      : ['Without Cilium nothing is enforced on the network.']),
    ...(problem
      ? [
          `No policy can be made of it, so that its pods are not protected: ${problem}.`,
        ]
      : []),
    ...hiddenLabels(member),
    ...podWarnings(pods, isInMesh(member, profile)),
    ...(isInMesh(member, profile) ? meshWarnings(member, world) : []),
    ...overlapping.map(
      other =>
        `${formatKey(
          other.metadata,
        )} selects the same pods: they get what either allows.`,
    ),
  ];
}

function hiddenLabels({ spec }: LatticeMember): string[] {
  const keys =
    'selector' in spec.target ? Object.keys(spec.target.selector) : [];
  const hidden = keys.filter(key => !isIdentityLabel(key));
  return hidden.length > 0
    ? [
        `Cilium does not know the label ${hidden.join(
          ', ',
        )} by default: the policy may select nothing.`,
      ]
    : [];
}

function podWarnings(pods: readonly ExplainPod[], isMeshed: boolean): string[] {
  const onNode = pods.find(({ hostNetwork }) => hostNetwork);
  const outside = pods.find(
    pod => isMeshed && !pod.ambient && !pod.hostNetwork,
  );
  return [
    ...(onNode
      ? [`Pod ${onNode.name} is on its node’s network: no policy protects it.`]
      : []),
    ...(outside
      ? [
          `Pod ${outside.name} is not enrolled in the mesh: nobody proves an identity to it.`,
        ]
      : []),
  ];
}

function meshWarnings(
  { metadata, spec }: LatticeMember,
  { graph }: ExplainWorld,
): string[] {
  const udp = spec.ports.filter(({ protocol }) => protocol === 'UDP');
  const sharing = graph
    .sharingAccount(metadata.namespace, spec.serviceAccount)
    .filter(key => key.name !== metadata.name && graph.get(key)?.spec.ambient);
  return [
    ...(udp.length > 0
      ? [
          `${listPorts(
            udp,
          )} is not carried by the mesh: labels alone say who may send.`,
        ]
      : []),
    ...(sharing.length > 0
      ? [
          `${sharing
            .map(formatKey)
            .join(
              ', ',
            )} runs as the same account: whoever allows one admits the other’s identity.`,
        ]
      : []),
  ];
}
