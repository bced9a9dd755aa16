const FQDN =
  /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const OCTET = /^(0|[1-9][0-9]{0,2})$/;
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;

/** Entities that Cilium knows. */
export const EGRESS_ENTITIES: readonly string[] = [
  'all',
  'cluster',
  'health',
  'host',
  'ingress',
  'init',
  'kube-apiserver',
  'none',
  'remote-node',
  'unmanaged',
  'world',
  'world-ipv4',
  'world-ipv6',
];

/** Entities that reach much more than one destination. */
export const WIDE_ENTITIES: readonly string[] = [
  'all',
  'cluster',
  'host',
  'remote-node',
  'world',
  'world-ipv4',
  'world-ipv6',
];

function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return (
    octets.length === 4 &&
    octets.every(octet => OCTET.test(octet) && Number(octet) <= 255)
  );
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) {
    return false;
  }
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const isComplete = halves.length === 1;
  return (
    groups.every(group => HEX_GROUP.test(group)) &&
    (isComplete ? groups.length === 8 : groups.length < 8)
  );
}

/** `address/prefix` of IPv4 or IPv6. */
export function isCidr(text: string): boolean {
  const [address, prefix, ...rest] = text.split('/');
  if (rest.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(prefix ?? '')) {
    return false;
  }
  return isIpv4(address)
    ? Number(prefix) <= 32
    : isIpv6(address) && Number(prefix) <= 128;
}

/** A host name, or a wildcard of the form `*.example.com`; `*` alone is one, too. */
export function isFqdn(text: string): boolean {
  return (
    text === '*' || (text.length <= 254 && FQDN.test(text) && !isIpv4(text))
  );
}
