import { createHash } from 'node:crypto';
import {
  isOurPolicy,
  KubernetesObject,
  LABEL_OWNER_UID,
  ObjectKey,
  policyMetadata,
  policyName,
  policyOwnerKey,
  PORTAL_PREFIX,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Labels, policyLabels, policySelects } from './podSelection';

/** On a policy for pods of a former selector: that selector, as JSON, so that it survives an edit of the policy. */
const ANNOTATION_SELECTOR = `${PORTAL_PREFIX}former-selector`;
const MAX_NAME_LENGTH = 63;
const HASH_LENGTH = 10;
/** Without rules these deny; a PeerAuthentication has no such form. */
const DENYING_KINDS = ['AuthorizationPolicy', 'CiliumNetworkPolicy'];

/** What decides which pods of a former selector still need a policy. */
export interface OutgrownInput {
  readonly key: ObjectKey;
  /** Every policy of ours that the key has. */
  readonly live: readonly KubernetesObject[];
  /** The policies that it is about to have. */
  readonly wanted: readonly KubernetesObject[];
  /** Labels by which it has selected so far and perhaps does not any more. */
  readonly former: readonly Labels[];
  /** Pods of its namespace. */
  readonly pods: readonly KubernetesObject[];
  /** Whether a policy of somebody else guards a pod as a policy of this kind does. */
  readonly isGuarded: (kind: string, pod: KubernetesObject) => boolean;
}

/**
 * Policies that keep the pods closed which a key has selected and does not select any more. Without them such pods
 * would be open to everybody as soon as the key's own policies turn to others.
 *
 * A policy of this kind allows nothing, and allowances add up in both engines, so beside another policy of the same pod
 * it changes nothing. It is made before the key's own policies change and stays until no pod is left to it alone.
 */
export function outgrownPolicies(input: OutgrownInput): KubernetesObject[] {
  const kept = input.live.flatMap(held => keptPolicy(held, input));
  const made = input.former.flatMap(labels => newPolicies(labels, input));
  return [
    ...kept,
    ...made.filter(one => !kept.some(other => isSameObject(one, other))),
  ];
}

/** Whether a policy of ours is there for the pods of a former selector. */
export function isOutgrown(policy: KubernetesObject): boolean {
  return formerLabels(policy) !== undefined;
}

/** Whether a policy is one of a key's own, by its name. */
export function isOwnPolicy(policy: KubernetesObject): boolean {
  const owner = policyOwnerKey(policy);
  return owner !== undefined && policy.metadata.name === policyName(owner);
}

function keptPolicy(
  held: KubernetesObject,
  { key, wanted, pods, isGuarded }: OutgrownInput,
): KubernetesObject[] {
  const labels = formerLabels(held);
  if (!labels) return [];
  const policy = closedPolicy(held, key, labels);
  const isNeeded = pods.some(
    pod => isLeftBy(wanted, policy, pod) && !isGuarded(held.kind, pod),
  );
  return isNeeded ? [policy] : [];
}

/** Others' policies do not count here: each of two neighbours might rely on what the other is giving up. */
function newPolicies(
  labels: Labels,
  { key, live, wanted, pods }: OutgrownInput,
): KubernetesObject[] {
  return live
    .filter(held => DENYING_KINDS.includes(held.kind) && isOwnPolicy(held))
    .map(held => closedPolicy(held, key, labels))
    .filter(policy => pods.some(pod => isLeftBy(wanted, policy, pod)));
}

function isLeftBy(
  wanted: readonly KubernetesObject[],
  policy: KubernetesObject,
  pod: KubernetesObject,
): boolean {
  return (
    policySelects(policy, pod) &&
    !wanted.some(object => policySelects(object, pod))
  );
}

function closedPolicy(
  { apiVersion, kind, metadata }: KubernetesObject,
  key: ObjectKey,
  labels: Labels,
): KubernetesObject {
  const shared = policyMetadata(key, metadata.labels?.[LABEL_OWNER_UID], []);
  return {
    apiVersion,
    kind,
    metadata: {
      ...shared,
      name: outgrownName(key, labels),
      annotations: {
        ...shared.annotations,
        [ANNOTATION_SELECTOR]: JSON.stringify(labels),
      },
    },
    spec:
      kind === 'CiliumNetworkPolicy' ? ciliumSpec(labels) : istioSpec(labels),
  };
}

function ciliumSpec(labels: Labels) {
  const matchLabels = Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [`k8s:${name}`, value]),
  );
  return {
    endpointSelector: isEmpty(labels) ? {} : { matchLabels },
    ingress: [{}],
    egress: [{}],
  };
}

function istioSpec(labels: Labels) {
  return {
    ...(isEmpty(labels) ? {} : { selector: { matchLabels: { ...labels } } }),
    action: 'ALLOW',
  };
}

/** The name depends on the key and the labels, so that each former selector has one object and keeps it. */
function outgrownName(key: ObjectKey, labels: Labels): string {
  const text = JSON.stringify([
    key.namespace,
    key.name,
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const hash = createHash('sha256').update(text).digest('hex');
  const head = policyName(key).slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1);
  return `${head}-${hash.slice(0, HASH_LENGTH)}`;
}

/** The former selector that a policy stands for: the one that its name was made from. */
function formerLabels(policy: KubernetesObject): Labels | undefined {
  const key = policyOwnerKey(policy);
  if (!key || !isOurPolicy(policy) || !DENYING_KINDS.includes(policy.kind))
    return undefined;
  const { name, annotations } = policy.metadata;
  const written = readLabels(annotations?.[ANNOTATION_SELECTOR]);
  return [written, policyLabels(policy)].find(
    labels => labels !== undefined && outgrownName(key, labels) === name,
  );
}

function readLabels(annotation: string | undefined): Labels | undefined {
  try {
    const labels: unknown = JSON.parse(annotation ?? 'null');
    return isLabels(labels) ? labels : undefined;
  } catch {
    // Somebody has edited it: then it proves nothing.
    return undefined;
  }
}

function isLabels(value: unknown): value is Labels {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(item => typeof item === 'string')
  );
}

function isEmpty(labels: Labels): boolean {
  return Object.keys(labels).length === 0;
}

function isSameObject(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name;
}
