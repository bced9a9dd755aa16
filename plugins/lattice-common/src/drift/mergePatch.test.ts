import { parse } from 'yaml';
import { JsonObject, JsonValue } from '../api/object';
import { applyMergePatch, formatPatch } from './index';

/** Rows of RFC 7386, appendix A. */
const RFC_ROWS: [target: JsonValue, patch: JsonValue, result: JsonValue][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('applyMergePatch', () => {
  it.each(RFC_ROWS)('%j patched with %j is %j', (target, patch, result) => {
    expect(applyMergePatch(target, patch)).toEqual(result);
  });
});

describe('formatPatch', () => {
  const format = (merge: JsonObject) =>
    formatPatch({
      object: { kind: 'LatticeMeshMember', namespace: 'data', name: 'redis' },
      creates: false,
      merge,
    });

  it.each([
    'yes',
    'on',
    '1e3',
    '0o17',
    '017',
    '12:30:45',
    'null',
    '~',
    '1_000',
    'redis',
  ])('writes the label %s so that kubectl reads it as text, too', value => {
    const merge = { spec: { target: { selector: { app: value, old: null } } } };
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(format(merge), { version })).toEqual(merge);
    }
  });
});
