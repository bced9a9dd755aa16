const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** Seconds of a duration such as `1h30m`; `undefined` when it is none. */
export function readDuration(text: string): number | undefined {
  if (!/^([0-9]+[hms])+$/.test(text)) {
    return undefined;
  }
  const parts = text.match(/[0-9]+[hms]/g) ?? [];
  return parts.reduce(
    (sum, part) => sum + Number(part.slice(0, -1)) * UNITS[part.slice(-1)],
    0,
  );
}
