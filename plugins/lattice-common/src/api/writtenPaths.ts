/**
 * Where a field of the normalised model stands in the manifest, for those fields that several public shapes
 * write differently: normalised path -> written path. Paths that are the same in both are absent.
 */
export type WrittenPaths = Readonly<Record<string, string>>;

/** The path as the user wrote it: the longest known prefix is replaced. */
export function writtenPath(
  written: WrittenPaths | undefined,
  path: string,
): string {
  if (!written) {
    return path;
  }
  const prefix = Object.keys(written)
    .filter(
      known =>
        path === known ||
        path.startsWith(`${known}.`) ||
        path.startsWith(`${known}[`),
    )
    .sort((a, b) => b.length - a.length)[0];
  return prefix === undefined
    ? path
    : `${written[prefix]}${path.slice(prefix.length)}`;
}
