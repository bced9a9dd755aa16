import fc from 'fast-check';
import { JsonValue } from '../api/object';
import { parsePackage } from '../api/parsePackage';
import { aPackageManifest, RULES } from '../testing/manifests';
import { planSecrets, substituteValues } from '../values';
import { checkPackage } from './checkPackage';

const MARKER = 'hunter2';

/** Text of values as people write it, right and wrong, always with something secret in it. */
const text = fc
  .array(
    fc.constantFrom(
      MARKER,
      '${',
      '}',
      '$${',
      '${resources.creds.password}',
      '${resources.nope.key}',
      `\${${MARKER}}`,
      '$',
      '.',
      '"',
    ),
    { maxLength: 6 },
  )
  .map(parts => `${MARKER}${parts.join('')}`);

const { values } = fc.letrec<{ node: JsonValue; values: object }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('a', 'b', '$secret', '__proto__'),
      tie('node'),
      { maxKeys: 3 },
    ),
  ) as fc.Arbitrary<JsonValue>,
  values: fc.dictionary(fc.constantFrom('a', 'b', '$secret'), tie('node')),
}));

describe('whatever stands in values', () => {
  it('is never repeated in a finding, a plan or a problem, and breaks nothing', () => {
    fc.assert(
      fc.property(values, written => {
        const result = parsePackage(
          aPackageManifest({
            spec: { values: written, resources: { creds: { type: 'secret' } } },
          }),
        );
        if (!result.ok) {
          throw new Error('values of any form are readable');
        }
        const plan = planSecrets(result.value, {
          defaultStore: 'vault',
          defaultKey: '{namespace}/{resource}',
        });
        const substituted = substituteValues(
          result.value.spec.values,
          () => undefined,
          () => 'name',
        );
        const said = [
          checkPackage(result.value, RULES),
          plan,
          substituted.ok ? [] : substituted.problems,
        ];
        expect(JSON.stringify(said)).not.toContain(MARKER);
      }),
      { numRuns: 500 },
    );
  });
});
