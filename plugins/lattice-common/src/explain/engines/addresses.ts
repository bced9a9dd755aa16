/** An address block as bits, so that one can be held against another. */
export interface AddressBlock {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly length: number;
}

/** Reads an address or a block; `undefined` when it is neither. */
export function readBlock(text: string): AddressBlock | undefined {
  const [address, suffix, ...rest] = text.split('/');
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 6 ? readIpv6(address) : readIpv4(address);
  const width = family === 6 ? 128 : 32;
  const length = suffix === undefined ? width : Number(suffix);
  const isLength =
    (suffix === undefined || /^\d+$/.test(suffix)) && length <= width;
  return bits === undefined || !isLength || rest.length > 0
    ? undefined
    : { family, bits, length };
}

/** Whether every address of `inner` lies in `outer`. */
export function containsBlock(
  outer: AddressBlock,
  inner: AddressBlock,
): boolean {
  if (outer.family !== inner.family || outer.length > inner.length)
    return false;
  const shift = BigInt((outer.family === 6 ? 128 : 32) - outer.length);
  return outer.bits >> shift === inner.bits >> shift;
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  const isAddress =
    parts.length === 4 &&
    parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return isAddress
    ? parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
    : undefined;
}

function readIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(half => (half ? half.split(':') : []));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array(missing).fill('0'), ...(tail ?? [])];
  return groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
    : undefined;
}
