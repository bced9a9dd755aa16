import { FieldProblem, KubernetesObject } from '../api/object';
import { ValueReference } from './scanReferences';

/** What stands in for a secret resource that names no provider or id; from the configuration. */
export interface SecretDefaults {
  /** A ClusterSecretStore; absent = a resource without provider is a problem. */
  readonly defaultStore?: string;
  /** Template of the remote key: `{namespace}`, `{resource}` and `{package}` are replaced. */
  readonly defaultKey: string;
}

/** Remote key of a resource that names none, unless the configuration says otherwise. */
export const DEFAULT_SECRET_KEY = '{namespace}/{resource}';

/** What a package reads, as Cedar is asked about it. */
export interface SecretAccess {
  readonly resource: string;
  readonly provider: string;
  readonly remoteKey: string;
}

/** An ExternalSecret that the package needs, and what it stands for. */
export interface PlannedExternalSecret extends SecretAccess {
  readonly name: string;
  /** `value`: its content goes into the values. `directive`: only its name does. */
  readonly mode: 'value' | 'directive';
  /** Place of the directive, `spec.values...`. */
  readonly path?: string;
  /** Keys that the Secret must hold; absent = whatever the remote key holds. */
  readonly keys?: readonly string[];
  /** Everything that it reads; a directive may read several resources. */
  readonly accesses: readonly SecretAccess[];
  readonly object: KubernetesObject;
}

/** Everything about secrets that must exist before a package's values can be rendered. Ordered by name and path. */
export interface SecretPlan {
  readonly externalSecrets: readonly PlannedExternalSecret[];
  /** Resources that are read, each once: what Cedar's AccessSecret is asked about. */
  readonly accesses: readonly SecretAccess[];
  /** Places where a secret's value goes; when there is one, Helm stores values in its release Secret. */
  readonly valueReferences: readonly ValueReference[];
  /** Path of a `$secret` directive -> name of its Secret. */
  readonly directiveNames: Readonly<Record<string, string>>;
}

/** Outcome of planning: the plan, or what must be mended first. */
export type SecretPlanResult =
  | { readonly ok: true; readonly plan: SecretPlan }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };
