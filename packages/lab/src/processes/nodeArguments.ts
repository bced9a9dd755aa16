/** Arguments that make this Node run one of our TypeScript files as it is. */
export function nodeArguments(): string[] {
  const strips = Boolean(
    (process.features as { typescript?: unknown }).typescript,
  );
  return [
    ...(strips ? [] : ['--experimental-strip-types']),
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    '--disable-warning=ExperimentalWarning',
  ];
}
