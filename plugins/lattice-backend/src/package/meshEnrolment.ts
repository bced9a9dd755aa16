import {
  KubernetesObject,
  ObjectKey,
  parseMember,
} from '@lattice-portal/backstage-plugin-lattice-common';

/**
 * Whether a member speaks for a package: by its name, by covering the whole namespace, or by selecting the pods of one
 * of its workloads. Pure.
 */
export function isMeshEnrolled(
  release: ObjectKey,
  members: readonly KubernetesObject[],
  podLabels: readonly Readonly<Record<string, string>>[],
): boolean {
  return members.some(object => {
    const parsed = parseMember(object);
    if (!parsed.ok || object.metadata.deletionTimestamp !== undefined) {
      return false;
    }
    const { target } = parsed.value.spec;
    if ('namespace' in target) {
      return target.namespace === release.namespace;
    }
    if (parsed.value.metadata.namespace !== release.namespace) {
      return false;
    }
    return (
      parsed.value.metadata.name === release.name ||
      podLabels.some(labels =>
        Object.entries(target.selector).every(
          ([key, value]) => labels[key] === value,
        ),
      )
    );
  });
}
