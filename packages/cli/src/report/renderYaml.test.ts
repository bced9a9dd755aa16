import * as fc from 'fast-check';
import { parse } from 'yaml';
import { readYaml } from '../manifests/readYaml';
import { renderYaml } from './renderYaml';

/** Texts that some reader of YAML takes for something else. */
const TRICKY = fc.constantFrom(
  'yes',
  'Off',
  'null',
  '~',
  '1',
  '0644',
  '1e3',
  '.inf',
  '12:30',
  '2001-01-01',
  'a: b',
  'a #b',
  '- a',
  '',
  'a:',
  'k8s:app',
  '=',
  '<<',
  '*',
  '&a',
  '!x',
  '__proto__',
  '\u2028',
  'line\nbreak',
);

const text = fc.oneof(TRICKY, fc.string({ unit: 'binary' }), fc.string());
const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(text, tree, {
  maxKeys: 4,
  noNullPrototype: true,
});

describe('renderYaml', () => {
  it('is read back as the same value by readers of YAML 1.1 and 1.2', () => {
    fc.assert(
      fc.property(object, value => {
        const written = renderYaml(value);
        const { documents, faults } = readYaml(written);
        expect(faults).toEqual([]);
        expect(documents).toEqual([value]);
        expect(parse(written, { version: '1.2' })).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it('writes what a person would write', () => {
    expect(
      renderYaml({
        kind: 'X',
        ports: [{ port: '6379', protocol: 'TCP' }, {}, []],
        nested: [[1, 2], 'k8s:app'],
        empty: {},
      }),
    ).toBe(`kind: X
ports:
  - port: "6379"
    protocol: TCP
  - {}
  - []
nested:
  - - 1
    - 2
  - k8s:app
empty: {}
`);
  });
});
