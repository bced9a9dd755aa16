/** Identity of a namespaced object within one cluster. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** Any JSON value, as it stands in a manifest. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A JSON object, as it stands in a manifest. */
export type JsonObject = { [key: string]: JsonValue };

/** The part of Kubernetes object metadata that Lattice reads. */
export interface ObjectMeta extends ObjectKey {
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
}

/** A Kubernetes object of any kind, unparsed. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** Status of a condition, as in `metav1.Condition`. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** One condition of a status, as in `metav1.Condition`. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  /** CamelCase, from the tables in `conditions.ts`. */
  readonly reason: string;
  /** For the person who must act. Never holds a secret value. At most 1 KiB. */
  readonly message: string;
  /** RFC 3339; moves only when `status` changes. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** What is wrong with one field, named in the shape that the user wrote. */
export interface FieldProblem {
  /** Dotted path such as `spec.ports[0].port`. */
  readonly path: string;
  /** What is wrong and what to do. Never holds a secret value. */
  readonly message: string;
}

/** Outcome of reading an object that somebody else wrote. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** `namespace/name`. */
export function formatKey(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}
