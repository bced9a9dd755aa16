import fc from 'fast-check';
import { checkLaw } from '../testing/__testUtils__/checkLaw';
import { withoutNulls } from './json';

describe('withoutNulls', () => {
  it('takes nulls out of objects at any depth, and leaves lists and kept fields alone', () => {
    expect(
      withoutNulls(
        { a: null, b: [null, { c: null, d: 1 }], values: { e: null } },
        ['values'],
      ),
    ).toEqual({ b: [null, { d: 1 }], values: { e: null } });
  });

  it('changes nothing where there is nothing to take out', () => {
    const tree = { a: [1, { b: 'x' }], values: { c: null } };
    expect(withoutNulls(tree, ['values'])).toBe(tree);
  });

  it('leaves no null in an object, and is done after one go', () => {
    checkLaw(
      'withoutNulls',
      fc.property(fc.jsonValue(), tree => {
        const before = JSON.stringify(tree);
        const once = withoutNulls(tree, []);
        expect(JSON.stringify(once)).not.toMatch(/":null/);
        expect(withoutNulls(once, [])).toBe(once);
        expect(JSON.stringify(tree)).toBe(before);
      }),
    );
  });
});
