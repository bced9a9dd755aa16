import fc from 'fast-check';
import { formatPath, parsePath } from './fieldPath';

describe('field paths', () => {
  it('write plain keys with dots, indexes and odd keys in brackets', () => {
    expect(formatPath(['spec', 'ports', 0, 'port'])).toBe('spec.ports[0].port');
    expect(formatPath(['spec', 'selector', 'a/b.c'])).toBe(
      'spec.selector["a/b.c"]',
    );
  });

  it('come back as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.nat())),
        segments => {
          expect(parsePath(formatPath(segments))).toEqual(segments);
        },
      ),
    );
  });
});
