import { DateTime } from 'luxon';

/** "5 minutes ago", in the reader's language; undefined for no or a broken time. */
export function formatAge(
  time: string | undefined,
  nowMs: number,
): string | undefined {
  if (!time) return undefined;
  const parsed = DateTime.fromISO(time);
  if (!parsed.isValid) return undefined;
  const base = DateTime.fromMillis(nowMs);
  return DateTime.min(parsed, base).toRelative({ base }) ?? undefined;
}
