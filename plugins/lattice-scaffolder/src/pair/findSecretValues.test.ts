import { JsonObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { findSecretValues } from './findSecretValues';

describe('findSecretValues', () => {
  it.each<[string, JsonObject, string[]]>([
    [
      'a typed password',
      { auth: { password: 'hunter2' } },
      ['values.auth.password'],
    ],
    [
      'a password made of digits',
      { rootPassword: 1234 },
      ['values.rootPassword'],
    ],
    [
      'a token in a list',
      { users: [{ apiToken: 'abc' }] },
      ['values.users[0].apiToken'],
    ],
    [
      'a list of tokens',
      { token: ['a', 'b'] },
      ['values.token[0]', 'values.token[1]'],
    ],
    [
      'a private key under any name',
      { tls: '-----BEGIN RSA PRIVATE KEY-----\nx' },
      ['values.tls'],
    ],
    [
      'a password inside an address',
      { url: 'redis://:pw@cache:6379' },
      ['values.url'],
    ],
    [
      'an escaped reference, which is plain text',
      { password: '$${resources.a.b}' },
      ['values.password'],
    ],
  ])('finds %s', (_name, values, paths) => {
    expect(findSecretValues(values).map(({ path }) => path)).toEqual(paths);
  });

  it.each<[string, JsonObject]>([
    ['a reference', { auth: { password: '${resources.redis.auth-token}' } }],
    [
      'a reference inside a text',
      { url: 'redis://:${resources.redis.pw}@cache' },
    ],
    [
      'a $secret directive',
      { auth: { existingSecret: { $secret: { password: '${redis.pw}' } } } },
    ],
    [
      'the name of a Secret',
      { existingSecret: 'redis', secretName: 'x', existingPassword: 'x' },
    ],
    [
      'the name of a key in a Secret',
      { existingSecretPasswordKey: 'redis-password' },
    ],
    [
      'a switch or an empty text',
      { automountServiceAccountToken: true, password: '' },
    ],
    ['a number that is a setting', { maxToken: 4096, token: 3 }],
  ])('lets %s pass', (_name, values) => {
    expect(findSecretValues(values)).toEqual([]);
  });

  it('never repeats the value', () => {
    expect(
      JSON.stringify(findSecretValues({ password: 'hunter2' })),
    ).not.toContain('hunter2');
  });
});
