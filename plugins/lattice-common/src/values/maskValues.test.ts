import fc from 'fast-check';
import { JsonObject } from '../api/object';
import { MASK, maskText, maskValues } from './maskValues';

const secrets = fc.array(fc.string({ minLength: 1, unit: 'binary' }), {
  minLength: 1,
  maxLength: 4,
});

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

describe('masking', () => {
  it('leaves no secret in a text, in any mixture', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.tuple(fc.string(), fc.nat({ max: 3 }))),
        (hidden, pieces) => {
          const text = pieces
            .map(([piece, which]) => piece + (hidden[which] ?? ''))
            .join('');
          const masked = maskText(text, hidden);
          hidden.forEach(secret => expect(masked).not.toContain(secret));
        },
      ),
    );
  });

  it('leaves no secret in any text, key or number of a tree', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.jsonValue(),
        fc.nat({ max: 3 }),
        (hidden, tree, which) => {
          const secret = hidden[which % hidden.length];
          const masked = maskValues(
            { tree, [secret]: [secret, `x${secret}`] } as JsonObject,
            hidden,
          );
          textsOf(masked).forEach(text =>
            hidden.forEach(one => expect(text).not.toContain(one)),
          );
        },
      ),
    );
  });

  it.each([
    ['as it is', (text: string) => text],
    ['in JSON', (text: string) => JSON.stringify(text).slice(1, -1)],
    [
      "in Go's JSON",
      (text: string) =>
        JSON.stringify(text)
          .slice(1, -1)
          .replace('&', '\\u0026')
          .replace('>', '\\u003e'),
    ],
    ['in base64', (text: string) => Buffer.from(text).toString('base64')],
    [
      'in base64 for URLs',
      (text: string) => Buffer.from(text).toString('base64url'),
    ],
    ['in a URL', encodeURIComponent],
    [
      'in a form',
      (text: string) => new URLSearchParams({ '': text }).toString().slice(1),
    ],
    ['in hexadecimal', (text: string) => Buffer.from(text).toString('hex')],
  ])('hides a secret %s', (_, encode) => {
    const secret = 'p"ä ss/w&rd?>~';
    expect(maskText(`a ${encode(secret)}\n`, [secret])).toBe(`a ${MASK}\n`);
  });

  it('hides the longer of two secrets whole', () => {
    expect(maskText('abcdef', ['abc', 'abcdef'])).toBe(MASK);
  });

  it('ignores empty secrets', () => {
    expect(maskText('abc', [''])).toBe('abc');
  });

  it('hides text under telling keys and shows references and names of Secrets', () => {
    expect(
      maskValues({
        auth: {
          password: 'hunter2',
          rootPassword: 'hunter2',
          token: '${resources.redis.auth-token}',
          existingSecret: 'redis-auth',
          enabled: true,
          apiKey: '',
        },
        replicas: 3,
      }),
    ).toEqual({
      auth: {
        password: MASK,
        rootPassword: MASK,
        token: '${resources.redis.auth-token}',
        existingSecret: 'redis-auth',
        enabled: true,
        apiKey: '',
      },
      replicas: 3,
    });
  });
});
