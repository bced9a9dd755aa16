import { wantsColors } from './wantsColors';

const TERMINAL = { isTTY: true, getColorDepth: () => 24 };
const DUMB = { isTTY: true, getColorDepth: () => 1 };

describe('wantsColors', () => {
  it.each([
    ['a terminal', TERMINAL, {}, true],
    ['a terminal without colours', DUMB, {}, false],
    ['a pipe', {}, {}, false],
    ['a terminal with NO_COLOR', TERMINAL, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', TERMINAL, { NO_COLOR: '' }, true],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, false],
    ['both', {}, { FORCE_COLOR: '', NO_COLOR: '1' }, true],
  ])('%s', (_, stream, env, expected) => {
    expect(wantsColors(stream, env)).toBe(expected);
  });
});
