/**
 * Whether a version is certainly older than another of the same resource. Servers give decimal numbers that grow
 * (Kubernetes documents them as comparable); of anything else nothing can be said, and the answer is no.
 */
export function isOlder(
  version: string | undefined,
  than: string | undefined,
): boolean {
  if (!isNumber(version) || !isNumber(than)) {
    return false;
  }
  return version.length === than.length
    ? version < than
    : version.length < than.length;
}

function isNumber(version: string | undefined): version is string {
  return version !== undefined && /^[1-9]\d*$/.test(version);
}
