import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

const HASH_DIGITS = 8;
/** Names end up as label values, too. */
const MAX_LENGTH = 63;

/** Lower case, everything else one dash: `tls[0].secretName` -> `tls-0-secretname`. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/**
 * Name of the ExternalSecret, and of its Secret, for a resource of a package or for the `$secret` directive at a
 * path (`spec.values...`). Ends in 8 hex digits over the package's UID and the resource or path, because the
 * readable part alone would collide.
 */
export function secretName(
  pkg: { readonly name: string; readonly uid?: string },
  resourceOrPath: string,
): string {
  const digest = bytesToHex(
    sha256(utf8ToBytes(JSON.stringify([pkg.uid ?? '', resourceOrPath]))),
  ).slice(0, HASH_DIGITS);
  const readable = slug(resourceOrPath.replace(/^spec\.values\.?/, ''));
  const base = readable === '' ? pkg.name : `${pkg.name}-${readable}`;
  const cut = base.slice(0, MAX_LENGTH - HASH_DIGITS - 1).replace(/[-.]+$/, '');
  return `${cut}-${digest}`;
}
