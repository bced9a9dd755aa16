import { durationMs, needsRefresh } from './needsRefresh';
import { syncedResourceVersion } from './objectHash';
import type { ExternalSecret } from './types';

const NOW = Date.parse('2026-01-01T12:00:00Z');

function anExternalSecret(
  spec: Partial<ExternalSecret['spec']>,
  sync: { secondsAgo: number } | 'never' = { secondsAgo: 10 },
): ExternalSecret {
  const object: ExternalSecret = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'a', namespace: 'b', generation: 1 },
    spec: { refreshInterval: '1m0s', ...spec },
  };
  return sync === 'never'
    ? object
    : {
        ...object,
        status: {
          syncedResourceVersion: syncedResourceVersion(object),
          refreshTime: new Date(NOW - sync.secondsAgo * 1000).toISOString(),
        },
      };
}

describe('needsRefresh', () => {
  it.each<[string, ExternalSecret, boolean]>([
    ['never synced', anExternalSecret({}, 'never'), true],
    ['within the interval', anExternalSecret({}), false],
    ['the interval has passed', anExternalSecret({}, { secondsAgo: 61 }), true],
    [
      'refresh time in the future',
      anExternalSecret({}, { secondsAgo: -5 }),
      true,
    ],
    [
      'interval 0 and synced once',
      anExternalSecret({ refreshInterval: '0s' }, { secondsAgo: 9999 }),
      false,
    ],
    [
      'interval 0 and never synced',
      anExternalSecret({ refreshInterval: '0s' }, 'never'),
      true,
    ],
    [
      'created once, long ago',
      anExternalSecret({ refreshPolicy: 'CreatedOnce' }, { secondsAgo: 9999 }),
      false,
    ],
    [
      'on change, unchanged',
      anExternalSecret({ refreshPolicy: 'OnChange' }, { secondsAgo: 9999 }),
      false,
    ],
  ])('%s', (_what, externalSecret, expected) => {
    expect(needsRefresh(externalSecret, NOW)).toBe(expected);
  });

  it('refreshes an object whose spec has changed since', () => {
    const synced = anExternalSecret({});
    const changed = {
      ...synced,
      metadata: { ...synced.metadata, generation: 2 },
    };
    expect(needsRefresh(changed, NOW)).toBe(true);
  });

  it.each([
    ['1h0m0s', 3_600_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['0', 0],
  ])('reads %s', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });
});
