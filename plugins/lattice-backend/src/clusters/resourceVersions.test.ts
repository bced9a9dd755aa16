import fc from 'fast-check';
import { isOlder } from './resourceVersions';

describe('isOlder', () => {
  it('compares decimal versions of any length as numbers', () => {
    const aVersion = fc.bigInt({ min: 1n, max: 2n ** 80n });
    fc.assert(
      fc.property(aVersion, aVersion, (a, b) => {
        expect(isOlder(String(a), String(b))).toBe(a < b);
      }),
    );
  });

  it('says nothing of versions that are no numbers', () => {
    expect(isOlder('a', '2')).toBe(false);
    expect(isOlder('1', undefined)).toBe(false);
    expect(isOlder('', '2')).toBe(false);
    expect(isOlder('01', '2')).toBe(false);
  });
});
