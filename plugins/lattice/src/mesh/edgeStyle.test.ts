import { DASHES, LINE_LENGTH } from './edgeStyle';

const total = (dashes: string) =>
  dashes.split(' ').reduce((sum, part) => sum + Number(part), 0);

describe('DASHES', () => {
  it('draws nothing solid but enforced agreements', () => {
    const solid = Object.entries(DASHES).filter(([, dashes]) => !dashes);
    expect(solid.map(([state]) => state)).toEqual(['enforced']);
  });

  it.each(['halfCaller', 'halfCallee'] as const)(
    'fills the line of %s exactly once, so that one half stays empty',
    state => {
      expect(total(DASHES[state]!)).toBe(LINE_LENGTH);
    },
  );
});
