import { dataHash, syncedResourceVersion } from './objectHash.ts';
import type { ExternalSecret, Secret } from './types.ts';
import { DATA_HASH, MANAGED_LABEL } from './wantedSecret.ts';

const UNITS_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a duration as Go writes it, such as `1h0m0s` or `500ms`; 0 when it is none. */
export function durationMs(text: string): number {
  return [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNITS_MS[unit],
    0,
  );
}

/** Whether the values have to be fetched (again) at this time. */
export function needsRefresh(
  externalSecret: ExternalSecret,
  now: number,
): boolean {
  const { status = {}, spec } = externalSecret;
  const isSynced = Boolean(status.syncedResourceVersion);
  const hasChanged =
    status.syncedResourceVersion !== syncedResourceVersion(externalSecret);
  const refreshTime = status.refreshTime
    ? Date.parse(status.refreshTime)
    : undefined;
  switch (spec.refreshPolicy) {
    case 'CreatedOnce':
      return !isSynced || refreshTime === undefined;
    case 'OnChange':
      return refreshTime === undefined || hasChanged;
    default: {
      const intervalMs = durationMs(spec.refreshInterval ?? '1h');
      if (intervalMs <= 0 && isSynced) {
        return false;
      }
      return (
        hasChanged ||
        refreshTime === undefined ||
        refreshTime > now ||
        refreshTime + intervalMs < now
      );
    }
  }
}

/** Whether the Secret is as it was last written. One that is gone or was changed by others is not. */
export function isIntact(
  externalSecret: ExternalSecret,
  secret: Secret | undefined,
): boolean {
  const policy = externalSecret.spec.target?.creationPolicy ?? 'Owner';
  if (policy === 'Orphan' || policy === 'None') {
    return true;
  }
  if (!secret) {
    return false;
  }
  const { labels = {}, annotations = {} } = secret.metadata;
  return (
    labels[MANAGED_LABEL] === 'true' &&
    annotations[DATA_HASH] === dataHash(secret.data ?? {})
  );
}
