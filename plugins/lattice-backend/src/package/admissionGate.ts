import {
  AdmissionRules,
  checkPackage,
  FieldProblem,
  KubernetesObject,
  LABEL_ENROLLED,
  LatticePackage,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Gate } from './PackageWorld';

const MESSAGE_PROBLEMS = 5;

/** Whether a package may be looked at any further: its spec, and whether its namespaces take part. Pure. */
export function admissionGate(
  pkg: LatticePackage,
  rules: AdmissionRules,
  namespaceOf: (name: string) => KubernetesObject | undefined,
): Gate {
  const violations = checkPackage(pkg, rules).filter(
    it => it.severity === 'error',
  );
  if (violations.length > 0) {
    return invalidSpec(violations);
  }
  const names = new Set([pkg.metadata.namespace, pkg.spec.targetNamespace]);
  for (const name of names) {
    if (namespaceOf(name)?.metadata.labels?.[LABEL_ENROLLED] !== 'true') {
      return {
        isOpen: false,
        isStalled: false,
        reason: PackageReasons.NamespaceNotEnrolled,
        message: `Namespace ${name} does not take part: it has no label ${LABEL_ENROLLED}=true. Ask the platform team to run \`lattice enroll ${name}\`.`,
      };
    }
  }
  return { isOpen: true, reason: 'Valid', message: '' };
}

/** The gate of a package that cannot be read or breaks a rule. */
export function invalidSpec(
  problems: readonly FieldProblem[],
): Gate & { isOpen: false } {
  const texts = problems
    .slice(0, MESSAGE_PROBLEMS)
    .map(it => `${it.path}: ${it.message}`);
  const more = problems.length - texts.length;
  return {
    isOpen: false,
    isStalled: true,
    reason: PackageReasons.InvalidSpec,
    message: texts.join('; ') + (more > 0 ? `; and ${more} more` : ''),
  };
}
