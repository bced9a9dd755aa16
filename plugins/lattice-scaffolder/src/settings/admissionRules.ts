import { Config } from '@backstage/config';
import {
  AdmissionRules,
  DEFAULT_PROTECTED_NAMESPACES,
} from '@lattice-portal/backstage-plugin-lattice-common';

/**
 * The rules that controllers and webhook apply, from the same config keys, so that a pull request fails here
 * and not after it has been merged.
 */
export function readAdmissionRules(config: Config): AdmissionRules {
  const lattice = config.getOptionalConfig('lattice');
  return {
    allowedRepositories:
      lattice?.getOptionalStringArray('charts.allowedRepositories') ?? [],
    protectedNamespaces:
      lattice?.getOptionalStringArray('protectedNamespaces') ??
      DEFAULT_PROTECTED_NAMESPACES,
    platformObjects: lattice?.getOptionalStringArray('platformObjects') ?? [],
  };
}
