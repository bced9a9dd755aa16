import fc from 'fast-check';
import { aMemberManifest, aPackageManifest } from '../testing/manifests';
import { ParseResult } from './object';
import { parseMember } from './parseMember';
import { parsePackage } from './parsePackage';
import { parsePolicy } from './parsePolicy';
import { parseService } from './parseService';

const PARSERS: ((raw: unknown) => ParseResult<unknown>)[] = [
  parsePackage,
  parseMember,
  parseService,
  parsePolicy,
];

const FIELDS = [
  'chart',
  'values',
  'resources',
  'target',
  'ports',
  'allowedCallers',
  'dependsOn',
  'egress',
  'mesh',
  'workload',
  'policies',
  'timeout',
  'driftPolicy',
];

const MARKER = 'hunter2-marker';

/** Any JSON value whose texts all hold the marker. */
const marked = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(MARKER),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'name',
        'selector',
        'port',
        'type',
        'params',
        'keys',
        'id',
      ),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
})).value;

describe('parsers', () => {
  it('never throw, whatever they are given', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (anything, spec) => {
        for (const parser of PARSERS) {
          expect(typeof parser(anything).ok).toBe('boolean');
          expect(typeof parser({ metadata: anything, spec }).ok).toBe(
            'boolean',
          );
        }
      }),
    );
  });

  it('name fields and never repeat a value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), marked, (field, value) => {
        const spec = { [field]: value };
        for (const manifest of [
          aPackageManifest({ spec }),
          aMemberManifest({ spec }),
        ]) {
          for (const parser of PARSERS) {
            const result = parser({ ...manifest, kind: undefined });
            const said = result.ok ? [] : result.problems;
            expect(JSON.stringify(said)).not.toContain(MARKER);
          }
        }
      }),
    );
  });

  it('survive nesting that would exhaust the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) {
      deep = { deep };
    }
    for (const parser of PARSERS) {
      parser(
        aPackageManifest({ spec: { values: deep, mesh: deep } as object }),
      );
    }
  });
});
