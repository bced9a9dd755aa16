import fc from 'fast-check';
import { JsonObject, JsonValue } from '../api/object';
import { checkLaw } from '../testing/__testUtils__/checkLaw';
import { aPackage } from '../testing/manifests';
import {
  escapeTemplate,
  lookupSecrets,
  maskText,
  maskValues,
  parseDirectiveEntry,
  parseTemplate,
  planSecrets,
  secretForms,
  SecretPlanResult,
  substituteValues,
} from './index';

const noName = () => undefined;

/** Text in which dollars and braces meet in every way. */
const dollars = fc
  .array(fc.constantFrom('$', '{', '}', '${', '$${', '.', 'a', 'secret.'))
  .map(parts => parts.join(''));

/** Runs of references, escapes and text, and what they stand for. */
const written = fc.array(
  fc.oneof(
    dollars
      .filter(text => !text.endsWith('$'))
      .map(text => ({ text: escapeTemplate(text), means: text })),
    fc.constantFrom('user', 'tls.crt', 'a_b').map(key => ({
      text: `\${resources.db.${key}}`,
      means: `<${key}>`,
    })),
  ),
);

describe('escapes', () => {
  it('come back as the text that was escaped, in values and in directives', () => {
    checkLaw(
      'an escaped text is one literal',
      fc.property(fc.oneof(dollars, fc.string()), text => {
        const whole = text === '' ? [] : [{ kind: 'text', text }];
        expect(parseTemplate(escapeTemplate(text))).toEqual(whole);
        expect(parseDirectiveEntry(escapeTemplate(text))).toEqual(whole);
      }),
      { cases: 1000 },
    );
  });

  it('stand beside references without touching them', () => {
    checkLaw(
      'text, escapes and references mean themselves in any order',
      fc.property(written, parts => {
        const result = substituteValues(
          { at: parts.map(({ text }) => text).join('') },
          (resource, key) => (resource === 'db' ? `<${key}>` : undefined),
          noName,
        );
        expect(result).toEqual({
          ok: true,
          values: { at: parts.map(({ means }) => means).join('') },
        });
      }),
      { cases: 1000 },
    );
  });
});

/** A secret, short or long, of one line or several, with what needs escaping in JSON, YAML and URLs. */
const secret = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('"', '\\', '<', '&', '/', '+', 'é', ' ', 'pw', '0'),
      {
        minLength: 1,
      },
    )
    .map(parts => parts.join('')),
  fc
    .array(fc.stringMatching(/^[A-Za-z0-9+/]{8,20}$/), { minLength: 2 })
    .map(lines => lines.join('\n')),
);

/** Secrets of which some are part of others. */
const secrets = fc.array(secret, { minLength: 1, maxLength: 4 }).chain(some =>
  fc
    .array(
      fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([which, from, length]) => {
        const whole = some[which % some.length];
        const start = from % whole.length;
        return whole.slice(start, start + 1 + (length % whole.length));
      }),
      { maxLength: 2 },
    )
    .map(parts => [...some, ...parts]),
);

/** Every key and every scalar of a tree. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(textsOf);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => [
      key,
      ...textsOf(item),
    ]);
  }
  return value === null ? [] : [String(value)];
}

function survivors(texts: readonly string[], forms: readonly string[]) {
  return forms.filter(form => texts.some(text => text.includes(form)));
}

describe('masking', () => {
  it('leaves no form of any secret in a text', () => {
    checkLaw(
      'no form of a secret stands in a masked text',
      fc.property(
        secrets,
        fc.array(fc.tuple(fc.string(), fc.nat(), fc.nat())),
        (hidden, pieces) => {
          const text = pieces
            .map(([piece, which, form]) => {
              const forms = secretForms(hidden[which % hidden.length]);
              return piece + forms[form % forms.length];
            })
            .join('');
          const masked = maskText(text, hidden);
          expect(survivors([masked], hidden.flatMap(secretForms))).toEqual([]);
        },
      ),
      { cases: 400 },
    );
  });

  it('leaves no form of any secret in a tree', () => {
    checkLaw(
      'no form of a secret stands in a masked tree',
      fc.property(secrets, fc.jsonValue(), fc.nat(), (hidden, tree, which) => {
        const forms = hidden.flatMap(secretForms);
        const form = forms[which % forms.length];
        const masked = maskValues(
          { tree, [form]: [form, { at: `x${form}y` }] } as JsonObject,
          hidden,
        );
        expect(survivors(textsOf(masked), forms)).toEqual([]);
      }),
      { cases: 150 },
    );
  });

  it('hides the longer lines of a secret however they are indented', () => {
    checkLaw(
      'no line of a key survives in YAML',
      fc.property(
        fc.array(fc.stringMatching(/^[A-Za-z0-9+/]{8,64}$/), { minLength: 2 }),
        fc.nat({ max: 12 }),
        (lines, indent) => {
          const inYaml = lines
            .map(line => `${' '.repeat(indent)}${line}`)
            .join('\n');
          const masked = maskText(`tls.key: |\n${inYaml}\n`, [
            `${lines.join('\n')}\n`,
          ]);
          lines.forEach(line => expect(masked).not.toContain(line));
        },
      ),
    );
  });

  it('hides a password in the base64 of a login, wherever it begins', () => {
    checkLaw(
      'no login tells its password',
      fc.property(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.stringMatching(/^[!-~]{9,30}$/),
        (user, password) => {
          const login = Buffer.from(`${user}:${password}@`).toString('base64');
          const masked = maskText(`Authorization: Basic ${login}`, [password]);
          const left = masked.replace('Authorization: Basic ', '');
          const known = Buffer.from(left.split('(hidden)').join(''), 'base64');
          expect(known.toString('latin1')).not.toContain(password);
          expect(masked).toContain('(hidden)');
        },
      ),
    );
  });
});

function shuffled(value: JsonValue, order: readonly number[]): JsonValue {
  if (Array.isArray(value)) {
    return value.map(item => shuffled(item, order));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item], index) => ({
        key,
        item: shuffled(item, order),
        rank: order[index % order.length],
      }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ key, item }) => [key, item]),
  );
}

const RESOURCES = {
  db: { type: 'secret', params: { provider: 'vault' } },
  'b-c': { type: 'secret', params: { provider: 'aws', keys: ['k'] } },
  c: { type: 'secret' },
};

const { tree } = fc.letrec<{ tree: JsonValue }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<JsonValue>(
      'text',
      7,
      '${resources.db.user} and ${secret.b_c.k}',
      { $secret: { p: '${db.pass}', q: '${b-c.k}' } },
      { $secret: { dsn: 'pg://${db.user}:${c.pass}@h' } },
    ),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom('a', 'b', 'a-b', 'a_b', 'A.b', 'a b'),
      tie('tree'),
      { maxKeys: 4 },
    ),
  ),
}));
const values = fc.dictionary(fc.constantFrom('a', 'b', 'b-c', 'db'), tree);

function planOf(someValues: JsonValue, name = 'redis'): SecretPlanResult {
  return planSecrets(
    aPackage({
      metadata: { name },
      spec: { values: someValues, resources: RESOURCES },
    }),
    { defaultStore: 'lab', defaultKey: '{namespace}/{resource}' },
  );
}

describe('a plan', () => {
  it('does not depend on the order of keys, and gives no two secrets one name', () => {
    checkLaw(
      'plans are deterministic and free of collisions',
      fc.property(
        values,
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        (some, order) => {
          const result = planOf(some);
          expect(planOf(shuffled(some, order))).toEqual(result);
          if (!result.ok) {
            throw new Error(JSON.stringify(result.problems));
          }
          const names = result.plan.externalSecrets.map(({ name }) => name);
          expect(new Set(names).size).toBe(names.length);
        },
      ),
      { cases: 500 },
    );
  });

  it('has a name for every directive and a value for every reference', () => {
    checkLaw(
      'what is planned can be substituted',
      fc.property(values, some => {
        const result = planOf(some);
        if (!result.ok) {
          throw new Error(JSON.stringify(result.problems));
        }
        const { externalSecrets, directiveNames } = result.plan;
        const synced = new Map(
          externalSecrets
            .filter(({ mode }) => mode === 'value')
            .map(({ resource, keys = [] }) => [
              resource,
              new Map(keys.map(key => [key, `<${resource}.${key}>`])),
            ]),
        );
        const substituted = substituteValues(
          some as JsonObject,
          lookupSecrets(synced),
          path => directiveNames[path],
        );
        expect(substituted).toMatchObject({ ok: true });
        expect(JSON.stringify(substituted)).not.toContain('${');
      }),
      { cases: 500 },
    );
  });
});

describe('problems', () => {
  it('hold no form of any secret that was found before', () => {
    checkLaw(
      'no problem tells a secret',
      fc.property(
        values,
        fc.stringMatching(/^[!-~]{12,30}$/),
        fc.constantFrom('user', 'pass', 'k'),
        (some, known, key) => {
          const result = substituteValues(
            { ...some, last: '${resources.db.missing}' } as JsonObject,
            (_, asked) => (asked === key ? known : undefined),
            noName,
          );
          expect(result.ok).toBe(false);
          const said = JSON.stringify(result);
          expect(survivors([said], secretForms(known))).toEqual([]);
        },
      ),
      { cases: 300 },
    );
  });
});

/** A chart's values with this many containers and references in each. */
function containers(count: number, references: number): JsonObject {
  return {
    containers: Array.from({ length: count }, (_, container) => ({
      name: `c${container}`,
      env: Array.from({ length: references }, (__, index) => ({
        name: `V${index}`,
        value: `pre-\${secret.db.k${index}}-post`,
      })),
    })),
  };
}

/** The tree behind a counter of everything that is read from it. */
function counted<T extends object>(
  subject: T,
): { subject: T; reads: () => number } {
  let reads = 0;
  const wrap = <V>(value: V): V =>
    typeof value === 'object' && value !== null
      ? (new Proxy(value as object, {
          get: (target, key) => {
            reads += 1;
            return wrap(Reflect.get(target, key));
          },
          ownKeys: target => {
            reads += 1;
            return Reflect.ownKeys(target);
          },
        }) as V)
      : value;
  return { subject: wrap(subject), reads: () => reads };
}

describe('substitution', () => {
  it('reads each part of the tree and asks for each secret as often as it stands there', () => {
    checkLaw(
      'substitution is linear',
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (count, references) => {
          const cost = (factor: number) => {
            const { subject, reads } = counted(
              containers(count * factor, references),
            );
            let lookups = 0;
            substituteValues(
              subject,
              () => {
                lookups += 1;
                return 'v';
              },
              noName,
            );
            return { lookups, reads: reads() };
          };
          const [one, two, four] = [cost(1), cost(2), cost(4)];
          expect(one.lookups).toBe(count * references);
          expect(four.lookups).toBe(4 * one.lookups);
          expect(four.reads - two.reads).toBe(2 * (two.reads - one.reads));
        },
      ),
      { cases: 50 },
    );
  });
});
