import { matchesFqdn } from './fqdn';

describe('names and patterns of names', () => {
  it.each([
    ['api.example.com', 'api.example.com', true],
    ['api.example.com', 'API.example.com.', true],
    ['*.example.com', 'api.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['**.example.com', 'a.b.example.com', true],
    ['**.example.com', 'example.com', false],
    ['a*i.*.com', 'api.example.com', true],
    ['a*p*i.example.com', 'api.example.com', true],
    ['ab*b.example.com', 'ab.example.com', false],
    ['*', 'anything.at.all', true],
  ])('%s means %s: %s', (matchPattern, name, expected) => {
    expect(matchesFqdn({ matchPattern }, name)).toBe(expected);
  });

  it('answers at once however many stars a pattern has', () => {
    const matchPattern = `${'*a'.repeat(100)}*.example.com`;
    const name = `${'a'.repeat(63)}.example.com`;
    expect(matchesFqdn({ matchPattern }, name)).toBe(false);
  });
});
