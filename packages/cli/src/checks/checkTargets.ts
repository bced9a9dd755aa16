import {
  LatticeMember,
  selectsPod,
  writtenPath,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeMember } from '../findings/Finding';
import { Remark } from '../findings/Remark';
import { Located, Manifests } from '../manifests/Manifests';
import { membersOf } from '../manifests/membersOf';
import { GivenPod, namespacesIn, podOf } from '../manifests/podOf';

function podsByNamespace({ context }: Manifests): Map<string, GivenPod[]> {
  const found = new Map<string, GivenPod[]>();
  const namespaces = namespacesIn(context);
  for (const pod of context.flatMap(one => podOf(one, namespaces) ?? [])) {
    const near = found.get(pod.namespace);
    if (near) {
      near.push(pod);
    } else {
      found.set(pod.namespace, [pod]);
    }
  }
  return found;
}

function remark(
  { object, source }: Located<LatticeMember>,
  rule: string,
  path: string,
  message: string,
): Remark {
  return {
    rule,
    severity: 'warning',
    object: describeMember(object),
    path: writtenPath(object.writtenPaths, path),
    message,
    at: source,
  };
}

function checkTarget(
  member: Located<LatticeMember>,
  pods: readonly GivenPod[],
): Remark[] {
  const { spec, metadata } = member.object;
  const selected = pods.filter(pod => selectsPod(spec.target, pod.labels));
  if (selected.length === 0) {
    const running = pods.filter(({ isRunning }) => isRunning).length;
    // Workloads in Git say nothing of those that charts bring.
    return running === 0
      ? []
      : [
          remark(
            member,
            'target-empty',
            'spec.target',
            `selects none of the ${running} pods of namespace ${metadata.namespace} that are given, so its policies would protect nothing: compare it with the labels of the pods`,
          ),
        ];
  }
  const stranger = selected.find(
    one => one.serviceAccount !== spec.serviceAccount,
  );
  return stranger
    ? [
        remark(
          member,
          'target-account',
          'spec.serviceAccount',
          `is ${spec.serviceAccount}, but the selected pod ${stranger.name} runs as ${stranger.serviceAccount}, so callees would refuse its calls: name the account that the pods run as`,
        ),
      ]
    : [];
}

/** Holds members against the pods that are given with them. Says nothing of namespaces without any. */
export function checkTargets(manifests: Manifests): Remark[] {
  const pods = podsByNamespace(manifests);
  if (pods.size === 0) {
    return [];
  }
  return membersOf(manifests).flatMap(member => {
    const near = pods.get(member.object.metadata.namespace);
    return near ? checkTarget(member, near) : [];
  });
}
