import { EgressRule } from '../api/memberModel';
import { OUTSIDE_ENTITIES } from '../api/schemas/patterns';
import { isIpv4, isIpv6 } from './addresses';

type Target = EgressRule['target'];

const FQDN =
  /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const MAX_FQDN = 254;
const PREFIX = /^(0|[1-9][0-9]{0,2})$/;

/** Entities that Cilium knows and that stand for pods or for what runs beside them. */
const INSIDE_ENTITIES: readonly string[] = [
  'all',
  'cluster',
  'health',
  'host',
  'ingress',
  'init',
  'none',
  'unmanaged',
];

/** Entities that reach much more than one destination. */
const WIDE_ENTITIES: readonly string[] = [
  'remote-node',
  'world',
  'world-ipv4',
  'world-ipv6',
];

/** Shorter prefixes are most of what there is; all of 10.0.0.0/8 and fc00::/7 may be meant. */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 7 };
const CLUSTER_NAME = /\.(svc(\..*)?|cluster\.local)\.?$/i;

/** `address/prefix` of IPv4 or IPv6. */
export function isCidr(text: string): boolean {
  const [address, prefix, ...rest] = text.split('/');
  if (rest.length > 0 || !PREFIX.test(prefix ?? '')) {
    return false;
  }
  return isIpv4(address)
    ? Number(prefix) <= 32
    : isIpv6(address) && Number(prefix) <= 128;
}

/** A host name, or a wildcard of the form `*.example.com`; `*` alone is one, too. */
export function isFqdn(text: string): boolean {
  return (
    text === '*' ||
    (text.length <= MAX_FQDN && FQDN.test(text) && !isIpv4(text))
  );
}

/** Whether Cilium knows the entity, but as something that agreements decide about. */
export function isInsideEntity(entity: string): boolean {
  return INSIDE_ENTITIES.includes(entity);
}

/** Whether a host name is that of a Service of this cluster. */
export function isClusterName(fqdn: string): boolean {
  return CLUSTER_NAME.test(fqdn);
}

function isWideCidr(cidr: string): boolean {
  const [address, prefix] = cidr.split('/');
  const shortest = isIpv4(address)
    ? SHORTEST_PREFIX.ipv4
    : SHORTEST_PREFIX.ipv6;
  return isCidr(cidr) && Number(prefix) < shortest;
}

/** `*`, or a wildcard over a whole top-level domain. */
function isWideName(fqdn: string): boolean {
  return fqdn === '*' || /^\*\.[^.]+\.?$/.test(fqdn);
}

/** Whether a target is far more than one destination. */
export function isWideTarget(target: Target): boolean {
  if ('entity' in target) {
    return WIDE_ENTITIES.includes(target.entity);
  }
  return 'cidr' in target ? isWideCidr(target.cidr) : isWideName(target.fqdn);
}

/** Which field of a target cannot be what it says, and why. */
export function targetProblem(
  target: Target,
): { readonly field: string; readonly message: string } | undefined {
  if ('entity' in target) {
    return [...OUTSIDE_ENTITIES, ...INSIDE_ENTITIES].includes(target.entity)
      ? undefined
      : {
          field: 'entity',
          message: `is not an entity of Cilium, which would refuse the policy: use one of ${OUTSIDE_ENTITIES.join(
            ', ',
          )}`,
        };
  }
  if ('cidr' in target) {
    return isCidr(target.cidr)
      ? undefined
      : {
          field: 'cidr',
          message:
            'must be an address and prefix such as 10.0.0.0/8 or fd00::/8; one address alone is written with /32 or /128',
        };
  }
  return isFqdn(target.fqdn)
    ? undefined
    : {
        field: 'fqdn',
        message:
          'must be a host name such as api.example.com or *.example.com, without scheme, port or path; for an address use cidr',
      };
}
