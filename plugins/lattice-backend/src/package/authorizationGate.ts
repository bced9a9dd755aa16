import {
  LatticePackage,
  PackageReasons,
  SecretPlan,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  accessSecret,
  CedarDecision,
  CedarPolicies,
  installIntoNamespace,
} from '../cedar';
import { Gate } from './PackageWorld';

/** Whether Cedar permits everything that a package reads, and the namespace that it releases into. */
export function authorizationGate(
  { metadata, spec }: LatticePackage,
  plan: SecretPlan,
  cedar: CedarPolicies,
): Gate {
  const decisions = [
    ...plan.accesses.map(it => cedar.decide(accessSecret(metadata, it))),
    ...(spec.targetNamespace === metadata.namespace
      ? []
      : [cedar.decide(installIntoNamespace(metadata, spec.targetNamespace))]),
  ];
  const refused = decisions.filter(it => !it.isAllowed);
  if (refused.length > 0) {
    return refusal(refused);
  }
  const ids = [...new Set(decisions.flatMap(it => it.policies))].sort();
  return {
    isOpen: true,
    reason: PackageReasons.Allowed,
    message:
      ids.length > 0
        ? `Permitted by ${ids.join(', ')}.`
        : 'Nothing that needs a permit.',
  };
}

function refusal(refused: readonly CedarDecision[]): Gate {
  const hasError = refused.some(it => it.reason === 'PolicyError');
  return {
    isOpen: false,
    isStalled: !hasError,
    reason: hasError ? PackageReasons.PolicyError : PackageReasons.Denied,
    message: refused.map(it => it.message).join(' '),
  };
}
