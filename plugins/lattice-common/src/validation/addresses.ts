const OCTET = /^(0|[1-9][0-9]{0,2})$/;
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;

/** Four decimal octets without leading zeros, which some readers take for octal. */
export function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return (
    octets.length === 4 &&
    octets.every(octet => OCTET.test(octet) && Number(octet) <= 255)
  );
}

/** Groups of hex digits, with at most one gap. */
export function isIpv6(text: string): boolean {
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
