import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { LABEL_KEY, LABEL_OWNER_UID, PORTAL_PREFIX } from '../annotations';
import { LatticeMember } from '../api/memberModel';
import { KubernetesObject, ObjectKey } from '../api/object';
import { memberFacts } from './memberFacts';

/** Label that every object we write carries; without it an object is somebody else's. */
export const LABEL_MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Value of {@link LABEL_MANAGED_BY} on our policies. */
export const MANAGED_BY_LATTICE = 'lattice-portal';
/** Selects every policy of ours. */
export const POLICY_LABEL_SELECTOR = `${LABEL_MANAGED_BY}=${MANAGED_BY_LATTICE},${LABEL_KEY}`;
/** On each policy: `namespace/name` of the member or service that it is compiled from. */
export const ANNOTATION_POLICY_MEMBER = `${PORTAL_PREFIX}member`;
/** On each policy: a JSON list of the agreements that it opens, `caller -> callee`; the first ones when it is long. */
export const ANNOTATION_POLICY_EDGES = `${PORTAL_PREFIX}edges`;

/** A write that is too large is refused as a whole, also when it takes something away: the list must never do that. */
const MAX_EDGES_LENGTH = 64 * 1024;
const PREFIX = 'lattice';
const MAX_LABEL_LENGTH = 63;
const HASH_LENGTH = 10;
const MAX_CUT_LENGTH = MAX_LABEL_LENGTH - PREFIX.length - HASH_LENGTH - 2;

function hashKey(key: ObjectKey): string {
  const text = JSON.stringify([key.namespace, key.name]);
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, HASH_LENGTH);
}

function cutName(name: string, length: number): string {
  return name.slice(0, length).replace(/\./g, '-').replace(/-+$/, '');
}

/**
 * Name of the policies of a key, the same for each kind. It depends on the key alone, so that a member and a
 * service of that key share the objects. At most 63 characters, so that it fits label values too.
 */
export function policyName(key: ObjectKey): string {
  return `${PREFIX}-${cutName(key.name, MAX_CUT_LENGTH)}-${hashKey(key)}`;
}

/** Value of the label `portal.lattice.dev/key`: the name where it fits, else cut and made unique. */
export function policyKeyLabel(key: ObjectKey): string {
  if (key.name.length <= MAX_LABEL_LENGTH) return key.name;
  const cut = cutName(key.name, MAX_LABEL_LENGTH - HASH_LENGTH - 1);
  return `${cut}-${hashKey(key)}`;
}

/** A list of agreements as it stands in {@link ANNOTATION_POLICY_EDGES}. */
export function writeEdges(edges: readonly string[]): string {
  const all = JSON.stringify(edges);
  if (all.length <= MAX_EDGES_LENGTH) return all;
  let length = 2;
  const end = edges.findIndex(edge => {
    length += JSON.stringify(edge).length + 1;
    return length > MAX_EDGES_LENGTH;
  });
  return JSON.stringify(edges.slice(0, end));
}

/** Whether an object carries our labels. Only such an object is ever changed or deleted. */
export function isOurPolicy(object: KubernetesObject): boolean {
  const labels = object.metadata.labels ?? {};
  return (
    labels[LABEL_MANAGED_BY] === MANAGED_BY_LATTICE &&
    labels[LABEL_KEY] !== undefined
  );
}

/**
 * The key that an object of ours was compiled from, or `undefined` when its labels and annotations do not say so
 * consistently.
 */
export function policyOwnerKey(
  object: KubernetesObject,
): ObjectKey | undefined {
  const { namespace, labels = {}, annotations = {} } = object.metadata;
  const label = labels[LABEL_KEY];
  if (!isOurPolicy(object) || !namespace || !label) return undefined;
  const written = annotations[ANNOTATION_POLICY_MEMBER] ?? '';
  const name = written.startsWith(`${namespace}/`)
    ? written.slice(namespace.length + 1)
    : label;
  const key = { namespace, name };
  return policyKeyLabel(key) === label ? key : { namespace, name: label };
}

/** Metadata of a compiled policy. Never an owner reference: the collector would open pods while we are down. */
export function policyMetadata(
  key: ObjectKey,
  ownerUid: string | undefined,
  edges: readonly string[],
): KubernetesObject['metadata'] {
  return metadataWith(policyName(key), key, ownerUid, writeEdges(edges));
}

/**
 * {@link policyMetadata} of a declaration. Hashing its key costs more than the rest of a compile, so that is done once.
 *
 * @param edges - from {@link writeEdges}
 */
export function memberPolicyMetadata(
  member: LatticeMember,
  edges: string,
): KubernetesObject['metadata'] {
  const { metadata } = member;
  const facts = memberFacts(member);
  facts.policyName ??= policyName(metadata);
  return metadataWith(facts.policyName, metadata, metadata.uid, edges);
}

function metadataWith(
  name: string,
  key: ObjectKey,
  ownerUid: string | undefined,
  edges: string,
): KubernetesObject['metadata'] {
  return {
    name,
    namespace: key.namespace,
    labels: {
      [LABEL_MANAGED_BY]: MANAGED_BY_LATTICE,
      [LABEL_KEY]: policyKeyLabel(key),
      ...(ownerUid ? { [LABEL_OWNER_UID]: ownerUid } : {}),
    },
    annotations: {
      [ANNOTATION_POLICY_MEMBER]: `${key.namespace}/${key.name}`,
      [ANNOTATION_POLICY_EDGES]: edges,
    },
  };
}
