/*
 * Forms of fields that both the admission checks and the CRDs ask for. Written so that RE2 and JavaScript read them
 * alike: no look-around, no back-references.
 */

/** SemVer 2 as its authors write it, a leading `v` allowed, with numbers that every reader can hold. */
export const EXACT_VERSION =
  /^v?(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** A digest that pins bytes. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** RFC 1123 label: what namespaces and Services are called. */
export const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 1123 subdomain: what most objects are called. */
export const DNS_NAME =
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Name of a member's port. */
export const PORT_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Helm's own limit for the name of a release. */
export const MAX_RELEASE_NAME = 53;

/** Where ztunnel takes in what comes through the mesh. */
export const TUNNEL_PORT = 15008;

/** Entities that egress may name: what is outside the pods of the cluster. */
export const OUTSIDE_ENTITIES: readonly string[] = [
  'kube-apiserver',
  'remote-node',
  'world',
  'world-ipv4',
  'world-ipv6',
];

/** A pattern as a CEL raw string. */
export function celPattern(pattern: RegExp): string {
  return `r'${pattern.source}'`;
}
