import { LatticeMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';
import { effectiveMembers } from './agreement';
import { WHOLE_NAMESPACE } from './draftMembers';
import { Random } from './Random';

/** A namespace in which nobody declares anything. */
export const OUTSKIRTS = 'outskirts';

/** Pods of every member, and those that make trouble: look-alikes, strangers, wrong accounts, pods not enrolled. */
export function placePods(
  declared: readonly LatticeMember[],
  random: Random,
): JudgedPod[] {
  const members = effectiveMembers(declared);
  const own = members.map(member => podOf(member, `${member.metadata.name}-0`));
  const inMesh = members.filter(({ spec }) => spec.ambient);
  return [
    ...own,
    ...members
      .filter(({ spec }) => spec.allowPeerTraffic)
      .map(member => podOf(member, `${member.metadata.name}-1`)),
    {
      ...podOf(random.pick(members), 'other-account'),
      serviceAccount: 'nobody',
    },
    { ...podOf(random.pick(inMesh), 'not-enrolled'), ambient: false },
    ...lookalikes(random.pick(members), random),
    ...strangers(
      random.pick(members.filter(isBesideOthers)).metadata.namespace,
    ),
    dnsPod(),
  ];
}

/** A running pod of a member. */
export function podOf(
  { metadata, spec }: LatticeMember,
  name: string,
): JudgedPod {
  return {
    namespace: metadata.namespace,
    name,
    labels: {
      ...('selector' in spec.target
        ? spec.target.selector
        : { app: `any-${name}` }),
      'pod-template-hash': '5d9c7b',
    },
    serviceAccount: spec.serviceAccount,
    ambient: spec.ambient,
  };
}

/** Same labels and account, another namespace. */
function lookalikes(member: LatticeMember, random: Random): JudgedPod[] {
  const ambient = random.chance(0.5);
  const pod = podOf(member, 'lookalike');
  return [{ ...pod, namespace: OUTSKIRTS, ambient }];
}

/** Whether a namespace has room for pods that nobody selects. */
function isBesideOthers({ metadata, spec }: LatticeMember): boolean {
  return metadata.namespace !== WHOLE_NAMESPACE && 'selector' in spec.target;
}

/** Pods beside the members that no selector means. */
function strangers(namespace: string): JudgedPod[] {
  return [true, false].map(ambient => ({
    namespace,
    name: ambient ? 'stranger-in-mesh' : 'stranger',
    labels: { app: 'stranger' },
    serviceAccount: 'default',
    ambient,
  }));
}

function dnsPod(): JudgedPod {
  return {
    namespace: 'kube-system',
    name: 'dns-0',
    labels: { 'k8s-app': 'kube-dns' },
    serviceAccount: 'coredns',
    ambient: false,
  };
}
