interface Terminal {
  readonly isTTY?: boolean;
  getColorDepth?(env?: object): number;
}

const OFF = ['0', 'false'];

/** Colours are for terminals, unless the environment says otherwise: FORCE_COLOR counts more than NO_COLOR. */
export function wantsColors(
  stream: Terminal,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) {
    return !OFF.includes(env.FORCE_COLOR);
  }
  if (env.NO_COLOR) {
    return false;
  }
  return (stream.isTTY ?? false) && (stream.getColorDepth?.(env) ?? 1) > 1;
}
