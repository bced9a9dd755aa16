import { formatKey, ObjectKey } from '../api/object';
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
    message: `namespace ${namespace} belongs to the platform: choose another one, or have the platform team list ${formatKey(
      owner,
    )} in lattice.platformObjects`,
  };
}
