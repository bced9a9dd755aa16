import fc from 'fast-check';
import { JsonObject, JsonValue } from '../api/object';
import { escapeTemplate, parseTemplate } from './references';
import { substituteValues } from './substituteValues';

const lookup = (resource: string, key: string) =>
  resource === 'redis' ? `<${key}>` : undefined;
const noName = () => undefined;

function escaped(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return escapeTemplate(value);
  }
  if (Array.isArray(value)) {
    return value.map(escaped);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, escaped(item)]),
    );
  }
  return value;
}

function withoutDirectiveKey(value: JsonValue): boolean {
  return !JSON.stringify(value).includes('"$secret"');
}

describe('substituteValues', () => {
  it('puts values in place of references, within text too', () => {
    expect(
      substituteValues(
        {
          a: '${resources.redis.auth-token}',
          b: ['redis://:${secret.redis.pw}@h', 3, null, true],
          c: '${resources.redis.tls.crt}',
          d: '${metadata.name}.${metadata.namespace}',
        },
        lookup,
        noName,
        { 'metadata.name': 'redis', 'metadata.namespace': 'data' },
      ),
    ).toEqual({
      ok: true,
      values: {
        a: '<auth-token>',
        b: ['redis://:<pw>@h', 3, null, true],
        c: '<tls.crt>',
        d: 'redis.data',
      },
    });
  });

  it('never reads a substituted value again', () => {
    expect(
      substituteValues(
        { a: '${resources.x.y}' },
        () => '${resources.other.key} $${',
        noName,
      ),
    ).toEqual({ ok: true, values: { a: '${resources.other.key} $${' } });
  });

  it('reads $${ as ${ and still expands what follows', () => {
    expect(
      substituteValues({ a: '$${${resources.redis.k}}' }, lookup, noName),
    ).toEqual({ ok: true, values: { a: '${<k>}' } });
  });

  it('replaces a directive by the name of its Secret', () => {
    expect(
      substituteValues(
        { tls: [{ secretName: { $secret: { crt: '${redis.crt}' } } }] },
        lookup,
        path => `name-of ${path}`,
      ),
    ).toEqual({
      ok: true,
      values: {
        tls: [{ secretName: 'name-of spec.values.tls[0].secretName' }],
      },
    });
  });

  it('names every place that it cannot fill', () => {
    const result = substituteValues(
      {
        a: '${resources.other.key}',
        b: ['${cluster.name}'],
        c: { $secret: { k: '${redis.k}' } },
      },
      lookup,
      noName,
    );
    expect(result.ok || result.problems.map(({ path }) => path)).toEqual([
      'spec.values.a',
      'spec.values.b[0]',
      'spec.values.c',
    ]);
  });

  it('keeps keys that JavaScript gives a meaning', () => {
    const values = JSON.parse(
      '{"__proto__": {"a": "b"}, "constructor": "c"}',
    ) as JsonObject;
    const result = substituteValues(values, lookup, noName);
    expect(result.ok && JSON.stringify(result.values)).toBe(
      JSON.stringify(values),
    );
  });

  it('gives back any tree that was escaped', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), tree => {
        const values = tree as JsonObject;
        fc.pre(withoutDirectiveKey(values));
        const result = substituteValues(
          escaped(values) as JsonObject,
          lookup,
          noName,
        );
        expect(result.ok && JSON.stringify(result.values)).toBe(
          JSON.stringify(values),
        );
      }),
    );
  });

  it('says nothing of a secret when another one is missing', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (secret, text) => {
        const result = substituteValues(
          {
            a: escapeTemplate(text).concat('${resources.x.known}'),
            b: '${resources.x.missing}',
          },
          (_, key) => (key === 'known' ? secret : undefined),
          noName,
        );
        expect(result.ok).toBe(false);
        expect(JSON.stringify(result)).not.toContain(secret);
      }),
    );
  });
});

describe('parseTemplate', () => {
  it('loses nothing of a text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const parts = parseTemplate(escapeTemplate(text));
        expect(
          parts.map(part => (part.kind === 'text' ? part.text : '?')).join(''),
        ).toBe(text);
      }),
    );
  });
});
