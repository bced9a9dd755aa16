import { Condition, ObjectMeta } from './object';

/** What whoever acts on a SecretProvider reports of it. */
export interface ProviderStatus {
  readonly observedGeneration: number;
  readonly phase?: 'Pending' | 'Ready' | 'Failed';
  readonly conditions: readonly Condition[];
  readonly message?: string;
  readonly providerType?: string;
  /** RFC 3339. */
  readonly lastValidated?: string;
}

/** A SecretProvider. Lattice reads which kind of backend it is, and never how that is reached. */
export interface SecretProvider {
  readonly metadata: ObjectMeta;
  /** The one key of `spec.provider`: vault, aws, webhook, barbican, ... */
  readonly backend: string;
  readonly status: ProviderStatus;
}
