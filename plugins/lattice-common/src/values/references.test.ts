import { FieldProblem } from '../api/object';
import { aPackage, Patch } from '../testing/manifests';
import { lookupSecrets, planSecrets, substituteValues } from './index';

const DEFAULTS = { defaultStore: 'lab', defaultKey: '{namespace}/{resource}' };
const ANY_KEY = { type: 'secret' };
const ONE_KEY = { type: 'secret', params: { keys: ['pw'] } };

function problemsOf(spec: Patch): readonly FieldProblem[] {
  const result = planSecrets(aPackage({ spec }), DEFAULTS);
  return result.ok ? [] : result.problems;
}

type Row = [
  sentence: string,
  spec: { resources: Patch; values: Patch },
  path: string,
  message: string,
];

const REFUSED: Row[] = [
  [
    'an expression that never ends',
    { resources: {}, values: { a: [{ b: 'x ${resources.db.pw' }] } },
    'spec.values.a[0].b',
    'has a ${ without its }',
  ],
  [
    'one in a directive',
    {
      resources: { db: ANY_KEY },
      values: { a: { $secret: { k: '${db.pw' } } },
    },
    'spec.values.a',
    'has a ${ without its }',
  ],
  [
    'an unknown variable',
    { resources: {}, values: { a: '${metadata.uid}' } },
    'spec.values.a',
    'unknown ${...} expression',
  ],
  [
    'a variable named like what every object has',
    { resources: {}, values: { a: '${constructor}' } },
    'spec.values.a',
    'unknown ${...} expression',
  ],
  [
    'an empty expression',
    { resources: {}, values: { a: '${}' } },
    'spec.values.a',
    'unknown ${...} expression',
  ],
  [
    'a reference without a key',
    { resources: { db: ANY_KEY }, values: { a: '${resources.db}' } },
    'spec.values.a',
    'unknown ${...} expression',
  ],
  [
    'an expression within an expression',
    {
      resources: { db: ANY_KEY },
      values: { a: '${resources.${metadata.name}.pw}' },
    },
    'spec.values.a',
    'refers to (not a name)',
  ],
  [
    'white space, which no name holds',
    { resources: { db: ANY_KEY }, values: { a: '${ resources.db.pw }' } },
    'spec.values.a',
    'unknown ${...} expression',
  ],
  [
    'a resource that is not declared',
    { resources: { db: ANY_KEY }, values: { 'a.b': '${resources.cache.pw}' } },
    'spec.values["a.b"]',
    'declares no resource of type secret',
  ],
  [
    'a resource of another type',
    {
      resources: { db: { type: 'volume' } },
      values: { a: '${resources.db.pw}' },
    },
    'spec.values.a',
    'declares no resource of type secret',
  ],
  [
    'a key that is not declared',
    { resources: { db: ONE_KEY }, values: { a: '${resources.db.user}' } },
    'spec.values.a',
    'lists only pw',
  ],
  [
    'a name that two resources may mean',
    {
      resources: { 'a-b_c': ANY_KEY, 'a_b-c': ANY_KEY },
      values: { a: '${resources.a_b_c.k}' },
    },
    'spec.values.a',
    'could mean a-b_c or a_b-c',
  ],
  [
    'a prefix that is also a resource',
    {
      resources: { secret: ANY_KEY, db: ANY_KEY },
      values: { a: { $secret: { k: '${secret.db.pw}' } } },
    },
    'spec.values.a',
    'could mean key pw of db or key db.pw of secret',
  ],
  [
    'a variable in a directive',
    {
      resources: { db: ANY_KEY },
      values: { a: { $secret: { k: '${metadata.name} ${db.pw}' } } },
    },
    'spec.values.a',
    'refers to metadata',
  ],
  [
    'an expression in a directive that is no reference',
    {
      resources: { db: ANY_KEY },
      values: { a: { $secret: { k: '${name} ${db.pw}' } } },
    },
    'spec.values.a',
    'no reference',
  ],
  [
    'an entry of a directive without a reference',
    { resources: { db: ANY_KEY }, values: { a: { $secret: { k: 'db.pw' } } } },
    'spec.values.a',
    'each entry of a $secret directive',
  ],
  [
    'an entry that is no text',
    { resources: { db: ANY_KEY }, values: { a: { $secret: { k: 7 } } } },
    'spec.values.a',
    'each entry of a $secret directive',
  ],
  [
    'a directive beside other keys',
    {
      resources: { db: ANY_KEY },
      values: { a: { $secret: { k: '${db.pw}' }, b: 1 } },
    },
    'spec.values.a',
    'stands alone',
  ],
  [
    'a directive with nothing in it',
    { resources: {}, values: { a: { $secret: {} } } },
    'spec.values.a',
    'at least one entry',
  ],
  [
    'values that are a directive',
    { resources: { db: ANY_KEY }, values: { $secret: { k: '${db.pw}' } } },
    'spec.values',
    'must be an object',
  ],
];

describe('references', () => {
  it.each(REFUSED)('refuses %s', (_, spec, path, message) => {
    expect(problemsOf(spec)).toContainEqual({
      path,
      message: expect.stringContaining(message),
    });
  });

  it('reads a prefix that is also a resource where only one of the two is declared', () => {
    const values = { a: { $secret: { k: '${secret.db.pw}' } } };
    const readOf = (resources: Patch) => {
      const result = planSecrets(
        aPackage({ spec: { resources, values } }),
        DEFAULTS,
      );
      return result.ok && result.plan.externalSecrets[0].object.spec;
    };
    expect(readOf({ secret: ANY_KEY })).toMatchObject({
      data: [{ remoteRef: { key: 'data/secret', property: 'db.pw' } }],
    });
    expect(readOf({ db: ANY_KEY })).toMatchObject({
      data: [{ remoteRef: { key: 'data/db', property: 'pw' } }],
    });
  });

  it.each([
    ['my-db', '${resources.my_db.pw}'],
    ['my_db', '${secret.my-db.pw}'],
    ['my-db', '${resources.my-db.pw}'],
  ])('finds %s behind %s, in the plan and in the values', (name, text) => {
    const result = planSecrets(
      aPackage({
        spec: { resources: { [name]: ANY_KEY }, values: { a: text } },
      }),
      DEFAULTS,
    );
    expect(result.ok && result.plan.valueReferences).toEqual([
      { resource: name, key: 'pw', path: 'spec.values.a' },
    ]);
    expect(
      substituteValues(
        { a: text },
        lookupSecrets(new Map([[name, new Map([['pw', 'x']])]])),
        () => undefined,
      ),
    ).toEqual({ ok: true, values: { a: 'x' } });
  });

  it('takes the exact name when another one is similar', () => {
    const result = planSecrets(
      aPackage({
        spec: {
          resources: { 'a-b': ANY_KEY, a_b: ANY_KEY },
          values: { x: '${resources.a-b.k}', y: '${resources.a_b.k}' },
        },
      }),
      DEFAULTS,
    );
    expect(
      result.ok && result.plan.valueReferences.map(one => one.resource),
    ).toEqual(['a-b', 'a_b']);
  });

  it('fills in names that are no secret, and only those that it knows', () => {
    const values = {
      a: '${metadata.name}.${metadata.namespace}.${cluster.name}',
    };
    const known = { 'metadata.name': 'redis', 'metadata.namespace': 'data' };
    const noSecret = () => undefined;
    expect(
      substituteValues(values, noSecret, noSecret, {
        ...known,
        'cluster.name': 'eu-1',
      }),
    ).toEqual({ ok: true, values: { a: 'redis.data.eu-1' } });
    expect(substituteValues(values, noSecret, noSecret, known)).toEqual({
      ok: false,
      problems: [
        {
          path: 'spec.values.a',
          message: 'uses a variable that is not known here',
        },
      ],
    });
    expect(
      substituteValues({ a: '${constructor}' }, noSecret, noSecret, known).ok,
    ).toBe(false);
  });
});
