/** Kinds that are checked and compiled. */
export const OUR_KINDS = [
  'LatticePackage',
  'LatticeMeshMember',
  'LatticeService',
  'CedarPolicy',
  'SecretProvider',
] as const;

/** One of {@link OUR_KINDS}. */
export type OurKind = (typeof OUR_KINDS)[number];

/** Kinds of the same group that other programs read. */
const NEIGHBOUR_KINDS = ['LatticeCluster', 'LatticeJob', 'LatticeModel'];

/** What explanations look at besides, by the group that the kind must have. */
const CONTEXT_KINDS: Readonly<Record<string, string>> = {
  Namespace: '',
  Pod: '',
  ServiceAccount: '',
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  Job: 'batch',
  NetworkPolicy: 'networking.k8s.io',
  CiliumNetworkPolicy: 'cilium.io',
  CiliumClusterwideNetworkPolicy: 'cilium.io',
  AuthorizationPolicy: 'security.istio.io',
  PeerAuthentication: 'security.istio.io',
};

const GROUP = 'lattice.dev';

function groupOf(apiVersion: unknown): string | undefined {
  if (typeof apiVersion !== 'string') {
    return undefined;
  }
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** What an object is to us. `misnamed`: of our group, but of no kind that is known there. */
export type Role = 'ours' | 'misnamed' | 'context' | 'other';

/** Sorts an object by what it says of itself. One of ours without an `apiVersion` is still meant as ours. */
export function roleOf({ apiVersion, kind }: Record<string, unknown>): Role {
  const group = groupOf(apiVersion);
  const name = String(kind);
  if ((OUR_KINDS as readonly string[]).includes(name)) {
    return group === GROUP || group === undefined ? 'ours' : 'other';
  }
  if (group === GROUP) {
    return NEIGHBOUR_KINDS.includes(name) ? 'other' : 'misnamed';
  }
  const expected = Object.hasOwn(CONTEXT_KINDS, name)
    ? CONTEXT_KINDS[name]
    : undefined;
  return expected !== undefined && expected === group ? 'context' : 'other';
}

const MENTIONS = new RegExp(
  ['lattice\\.dev/', '\\\\', ...OUR_KINDS, ...Object.keys(CONTEXT_KINDS)].join(
    '|',
  ),
);

/** Whether a text can hold anything that is looked at; a backslash may spell anything. */
export function mayMatter(text: string): boolean {
  return MENTIONS.test(text);
}

/** Whether a text claims to be about Lattice, so that it must be readable. */
export function claimsToBeOurs(text: string): boolean {
  return text.includes(`${GROUP}/`);
}
