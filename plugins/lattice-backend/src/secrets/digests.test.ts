import fc from 'fast-check';
import { JsonValue } from '@lattice-portal/backstage-plugin-lattice-common';
import { canonicalJson, digestLabel, digestsOf, keyIdOf } from './digests';
import { contains, externalSecretState } from './externalSecretState';

describe('digests', () => {
  const digests = digestsOf(Buffer.alloc(32, 1));

  it('do not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        return (
          digests.digest(value as JsonValue) ===
          digests.digest(turned as JsonValue)
        );
      }),
    );
  });

  it('round-trip through canonical JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalJson(value as JsonValue);
        return canonicalJson(JSON.parse(text)) === text;
      }),
    );
  });

  it('name their version and key, differ by key, and fit into a label', () => {
    const digest = digests.digest({ a: 1 });
    expect(digest).toMatch(/^v1:[0-9a-f]{8}:[0-9a-f]{40}$/);
    expect(digestLabel(digest).length).toBeLessThanOrEqual(63);
    expect(keyIdOf(digestLabel(digest))).toBe(digests.keyId);
    expect(keyIdOf('v2:x')).toBeUndefined();
    const other = digestsOf(Buffer.alloc(32, 2));
    expect(other.digest({ a: 1 })).not.toBe(digest);
  });
});

describe('externalSecretState', () => {
  const object = (status?: object) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'x', generation: 2 },
    status,
  });
  const ready = [{ type: 'Ready', status: 'True' }];
  it.each([
    ['without status', undefined, 'pending'],
    [
      'ready for an older generation',
      { conditions: ready, syncedResourceVersion: '1-a' },
      'pending',
    ],
    [
      'ready for generation 21 when 2 is wanted',
      { conditions: ready, syncedResourceVersion: '21-a' },
      'pending',
    ],
    ['ready now', { conditions: ready, syncedResourceVersion: '2-a' }, 'fresh'],
    ['failed', { conditions: [{ type: 'Ready', status: 'False' }] }, 'failed'],
  ])('%s', (_, status, kind) => {
    expect(externalSecretState(object(status)).kind).toBe(kind);
  });
});

describe('contains', () => {
  it('ignores what others add, and sees what changed or went', () => {
    const wanted = { a: [{ b: 1 }] };
    expect(contains({ a: [{ b: 1, c: 2 }], d: 3 }, wanted)).toBe(true);
    expect(contains({ a: [{ b: 2 }] }, wanted)).toBe(false);
    expect(contains({ a: [{ b: 1 }, {}] }, wanted)).toBe(false);
    expect(contains({}, wanted)).toBe(false);
  });
});
