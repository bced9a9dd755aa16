import { formatKey, ObjectKey } from '../api/object';
import { isDnsLabel } from './names';
import { AdmissionRules, Finding } from './violation';

/** Whether an object may use protected namespaces. */
export function isPlatformObject(
  key: ObjectKey,
  rules: AdmissionRules,
): boolean {
  return rules.platformObjects.includes(formatKey(key));
}

/** Finds the use of a protected namespace by an object that is not exempt. */
export function protectedNamespace(
  namespace: string,
  options: { owner: ObjectKey; path: string; rules: AdmissionRules },
): Finding | undefined {
  const { owner, path, rules } = options;
  if (
    !rules.protectedNamespaces.includes(namespace) ||
    isPlatformObject(owner, rules)
  ) {
    return undefined;
  }
  return {
    path,
    message: `namespace ${namespace} belongs to the platform, whose software everything else relies on: choose another one, or have the platform team list ${formatKey(
      owner,
    )} in lattice.platformObjects`,
  };
}

/** Finds a namespace that could not exist: outside a cluster nobody else looks. */
export function malformedNamespace({
  namespace,
}: ObjectKey): Finding | undefined {
  return isDnsLabel(namespace)
    ? undefined
    : {
        path: 'metadata.namespace',
        message:
          'must be the name of a namespace, else the object can stand nowhere: lower-case letters, digits and dashes, at most 63',
      };
}
