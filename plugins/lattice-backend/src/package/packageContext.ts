import {
  AdmissionRules,
  LatticePackage,
  SecretDefaults,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartMirror,
  ChartSource,
  Helm,
} from '@lattice-portal/backstage-plugin-lattice-node';
import { CedarPolicies } from '../cedar';
import { ClusterConnection, Impersonation } from '../clusters/types';
import { Digests } from '../secrets';
import { HelmOperator } from './HelmOperator';
import { ChartPreparation } from './prepareChart';

/** What the platform team set for packages. */
export interface PackageRules {
  readonly admission: AdmissionRules;
  readonly charts: {
    readonly mirrors: readonly ChartMirror[];
    readonly archiveHosts: readonly string[];
    readonly tokenHosts: readonly string[];
  };
  readonly secrets: SecretDefaults;
}

/** Everything that the passes over one cluster's packages share. */
export interface PackageContext {
  readonly connection: ClusterConnection;
  readonly helm: Helm;
  readonly charts: ChartSource;
  readonly preparation: ChartPreparation;
  readonly operator: HelmOperator;
  readonly cedar: CedarPolicies;
  readonly rules: PackageRules;
  readonly digests: (signal: AbortSignal) => Promise<Digests>;
  readonly isLeader: () => boolean;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The account that a package always acts as. */
export function accountOf(pkg: LatticePackage): Impersonation {
  const { namespace } = pkg.metadata;
  return {
    user: `system:serviceaccount:${namespace}:${pkg.spec.serviceAccountName}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}
