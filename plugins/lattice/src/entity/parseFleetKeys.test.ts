import { formatFleetKey, parseFleetKeys } from './parseFleetKeys';

describe('parseFleetKeys', () => {
  it.each([
    ['one key', 'lab/data/redis', ['lab/data/redis'], []],
    ['several keys with spaces', 'lab/a/b , eu/c/d', ['lab/a/b', 'eu/c/d'], []],
    ['a repeated key once', 'lab/a/b,lab/a/b', ['lab/a/b'], []],
    ['nothing', '', [], []],
    ['an absent annotation', undefined, [], []],
    [
      'parts that name nothing',
      'redis,lab/a/b/c,lab//b',
      [],
      ['redis', 'lab/a/b/c', 'lab//b'],
    ],
  ])('reads %s', (_, text, keys, invalid) => {
    const parsed = parseFleetKeys(text);
    expect(parsed.keys.map(formatFleetKey)).toEqual(keys);
    expect(parsed.invalid).toEqual(invalid);
  });
});
