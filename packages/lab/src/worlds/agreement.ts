import { LatticeMember } from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod } from '../judges';

type References = LatticeMember['spec']['dependencies'];

/** The bilateral rule: the caller asks for the callee, and the callee lets the caller in. */
export function agree(caller: LatticeMember, callee: LatticeMember): boolean {
  if (isSame(caller, callee)) return caller.spec.allowPeerTraffic;
  const { dependsAll, dependencies } = caller.spec;
  return (
    (dependsAll || names(dependencies, callee)) &&
    names(callee.spec.allowedCallers, caller)
  );
}

function isSame(
  { metadata: a }: LatticeMember,
  { metadata: b }: LatticeMember,
) {
  return a.namespace === b.namespace && a.name === b.name;
}

function names(references: References, { metadata }: LatticeMember): boolean {
  return references.some(
    ({ name, namespace }) =>
      (name === '*' || name === metadata.name) &&
      (namespace === undefined || namespace === metadata.namespace),
  );
}

/** The declarations that count: a member before a service of its key, and only what speaks of its own namespace. */
export function effectiveMembers(
  declared: readonly LatticeMember[],
): LatticeMember[] {
  return declared
    .filter(
      one =>
        one.kind === 'LatticeMeshMember' ||
        !declared.some(other => other !== one && isSame(one, other)),
    )
    .filter(
      ({ spec: { target }, metadata }) =>
        'selector' in target || target.namespace === metadata.namespace,
    );
}

/** Whether a pod is one of a member's. */
export function isPodOf(
  { spec: { target }, metadata }: LatticeMember,
  pod: JudgedPod,
): boolean {
  if (pod.namespace !== metadata.namespace) return false;
  if (!('selector' in target)) return true;
  return Object.entries(target.selector).every(
    ([key, value]) => pod.labels[key] === value,
  );
}

/** Whether the mesh takes a pod for a member: by namespace and account, labels do not count there. */
export function speaksFor(member: LatticeMember, pod: JudgedPod): boolean {
  const { serviceAccount, target } = member.spec;
  return (
    pod.namespace === member.metadata.namespace &&
    ('namespace' in target || pod.serviceAccount === serviceAccount)
  );
}

/** Whether the network takes a pod for a member. Outside the mesh it asks for the account too, where one is stated. */
export function isKnownAs(member: LatticeMember, pod: JudgedPod): boolean {
  const { ambient, serviceAccount } = member.spec;
  const isStated = !ambient && serviceAccount !== member.metadata.name;
  return (
    isPodOf(member, pod) && (!isStated || pod.serviceAccount === serviceAccount)
  );
}
