import {
  PackageReasons,
  SecretPlan,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { SecretSource } from '../secrets';
import { Gate } from './PackageWorld';

/** What condition SecretsResolved says once all values are at hand. */
export function secretsGate(plan: SecretPlan, staleMessage?: string): Gate {
  if (plan.externalSecrets.length === 0) {
    return {
      isOpen: true,
      reason: PackageReasons.NoSecrets,
      message: 'No secrets are referenced.',
    };
  }
  if (staleMessage !== undefined) {
    return {
      isOpen: true,
      reason: PackageReasons.Stale,
      message: `The last values are used: ${staleMessage}`,
    };
  }
  return {
    isOpen: true,
    reason: PackageReasons.Resolved,
    message:
      plan.valueReferences.length > 0
        ? 'All secrets are synced. Helm stores values in its release Secret; charts that take an existing Secret are better served by $secret.'
        : 'All secrets are synced.',
  };
}

/** Whether a Secret that the last success used has another version now: a rollback would bring the old one back. */
export function haveSecretsMoved(
  before: readonly SecretSource[],
  after: readonly SecretSource[],
): boolean {
  return before.some(old => {
    const current = after.find(it => it.name === old.name);
    return (
      current !== undefined && current.resourceVersion !== old.resourceVersion
    );
  });
}
