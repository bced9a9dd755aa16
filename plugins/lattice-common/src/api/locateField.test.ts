import fc from 'fast-check';
import { locateFields } from './locateField';

describe('locateFields', () => {
  const text = 'a:\n  b:\n    - c: 1\n    - "x.y": 2\n---\nz: 3\n';

  it.each([
    ['a', 0, 1, 1],
    ['a.b', 0, 2, 3],
    ['a.b[0].c', 0, 3, 7],
    ['a.b[1]["x.y"]', 0, 4, 7],
    ['z', 1, 6, 1],
  ])('finds %s of document %i', (path, document, line, column) => {
    expect(locateFields(text).positionOf(path, document)).toEqual({
      line,
      column,
    });
  });

  it('points to the closest field above one that is not there', () => {
    expect(locateFields(text).positionOf('a.b[7].c')).toEqual({
      line: 2,
      column: 3,
    });
    expect(locateFields(text).positionOf('nope')).toEqual({
      line: 1,
      column: 1,
    });
  });

  it('follows aliases, and reads JSON', () => {
    expect(locateFields('a: &x\n  b: 1\nc: *x\n').positionOf('c.b')).toEqual({
      line: 2,
      column: 3,
    });
    expect(
      locateFields('{\n "a": {\n  "b": 1\n }\n}').positionOf('a.b'),
    ).toEqual({ line: 3, column: 3 });
  });

  it('never throws, and never leaves the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(3), (source, path, at) => {
        const { line, column } = locateFields(source).positionOf(path, at);
        expect(line).toBeGreaterThanOrEqual(1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(source.split('\n').length + 1);
      }),
    );
  });
});
