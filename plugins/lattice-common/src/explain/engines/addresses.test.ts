import { containsBlock, readBlock } from './addresses';

const contains = (outer: string, inner: string) => {
  const blocks = [readBlock(outer), readBlock(inner)];
  return blocks[0] && blocks[1] && containsBlock(blocks[0], blocks[1]);
};

describe('blocks of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.0/8', false],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['0.0.0.0/0', '203.0.113.7/32', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['::/0', '::1/128', true],
    ['::/0', '10.0.0.1', false],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    expect(contains(outer, inner)).toBe(expected);
  });

  it.each([
    '',
    '10.0.0',
    '256.0.0.1',
    '10.0.0.0/33',
    '1::2::3',
    'x/8',
    '10.0.0.0/8/8',
    '2001:db8',
  ])('%s is none', text => {
    expect(readBlock(text)).toBeUndefined();
  });
});
