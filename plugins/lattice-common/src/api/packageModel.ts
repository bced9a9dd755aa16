import { Condition, JsonObject, ObjectKey, ObjectMeta } from './object';
import { WrittenPaths } from './writtenPaths';

/** A secret resource of a package: `spec.resources.<name>` of type `secret`. */
export interface SecretResource {
  readonly type: 'secret';
  /** ClusterSecretStore; absent in the short form, then the configured default store. */
  readonly provider?: string;
  /** Remote key; absent in the short form, then the configured default key template. */
  readonly id?: string;
  /** Keys that may be referenced; absent = all. */
  readonly keys?: readonly string[];
  /** Go-style duration of hours, minutes, seconds. */
  readonly refreshInterval?: string;
  /** Type of the Kubernetes Secret; `Opaque` when absent. */
  readonly secretType?: string;
}

/** Which chart, from where. */
export interface ChartReference {
  /** `oci://…` or `https://…`, without the chart's name for `oci`. */
  readonly repository: string;
  readonly name: string;
  /** Exact SemVer 2, a leading `v` allowed. */
  readonly version: string;
  /** `sha256:…`, optional pin. */
  readonly digest?: string;
  readonly pullSecretRef?: { readonly name: string };
  readonly caSecretRef?: { readonly name: string };
}

/** Wanted state of a package, normalised from every public shape. Defaults are filled in. */
export interface PackageSpec {
  readonly chart: ChartReference;
  readonly values: JsonObject;
  readonly resources: Readonly<Record<string, SecretResource>>;
  /** Release namespace; equals metadata.namespace unless set. */
  readonly targetNamespace: string;
  readonly dependsOn: readonly ObjectKey[];
  readonly allowedDependents: readonly ObjectKey[];
  readonly serviceAccountName: string;
  readonly suspend: boolean;
  readonly deletionPolicy: 'Delete' | 'Orphan';
  readonly driftPolicy: 'ignore' | 'warn' | 'correct';
  readonly conflictPolicy: 'Fail' | 'Force';
  readonly crdPolicy: {
    readonly install: 'Create' | 'Skip';
    readonly upgrade: 'Skip' | 'CreateReplace';
  };
  readonly adoption: 'None' | 'Once';
  readonly remediation: {
    readonly strategy: 'Rollback' | 'RollForward' | 'None';
    readonly retries: number;
  };
  readonly rotationPolicy: 'None' | 'Restart';
  readonly timeoutSeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly historyMax: number;
  readonly waitStrategy: 'None' | 'Helm';
  /** The reference's mesh block, as a member spec, when given. */
  readonly mesh?: JsonObject;
}

/** Write-ahead record of what the controller is about to do. */
export interface PackageOperation {
  readonly id: string;
  readonly verb: 'install' | 'upgrade' | 'rollback' | 'uninstall';
  /** Last Helm revision seen before acting; 0 = none. */
  readonly fromRevision: number;
  readonly expectedRevision: number;
  readonly startedAt: string;
}

/** One finished revision, newest first in `status.history`. */
export interface PackageHistoryEntry {
  readonly revision: number;
  readonly verb: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly digest?: string;
  readonly status: string;
  readonly finishedAt: string;
}

/** Phase for people, derived from the conditions. */
export type PackagePhase =
  | 'Pending'
  | 'Progressing'
  | 'Ready'
  | 'Degraded'
  | 'Failed'
  | 'Deleting';

/** What the controller reports of a package. */
export interface PackageStatus {
  readonly observedGeneration: number;
  readonly phase?: PackagePhase;
  readonly conditions: readonly Condition[];
  readonly operation?: PackageOperation;
  readonly release?: {
    readonly name: string;
    readonly namespace: string;
    readonly revision: number;
  };
  readonly chart?: {
    readonly name: string;
    readonly version: string;
    readonly appVersion?: string;
    readonly digest?: string;
  };
  readonly history: readonly PackageHistoryEntry[];
  readonly inventory: readonly {
    readonly id: string;
    readonly version: string;
  }[];
  readonly secrets: readonly {
    readonly name: string;
    readonly key: string;
    readonly resourceVersion?: string;
  }[];
  /** Failed tries of one wanted state; a new key begins a new budget. */
  readonly attempts?: PackageAttempts;
  /** Last Helm revision that was seen healthy: what a failed upgrade returns to. */
  readonly lastHealthyRevision?: number;
}

/** How often one wanted state was tried in vain. */
export interface PackageAttempts {
  /** Chart digest, values digest and generation, as one opaque text. */
  readonly key: string;
  readonly count: number;
  /** RFC 3339; nothing is tried before. */
  readonly nextRetryAt?: string;
}

/** A LatticePackage, normalised. */
export interface LatticePackage {
  readonly metadata: ObjectMeta;
  readonly spec: PackageSpec;
  readonly status: PackageStatus;
  /** Where the manifest writes a field differently from this model. */
  readonly writtenPaths?: WrittenPaths;
  /** Fields that are set, accepted and not acted on. */
  readonly unsupportedFields?: readonly string[];
}
