import { Patch } from '../manifests';
import { Golden, Row } from './types';

const spec = (fields: Patch): Patch => ({ spec: fields });
const USED = { a: { $secret: { pw: '${creds.password}' } } };
const REFERENCES = ['references-resolvable spec.values.a'];

/** A package with one secret resource, to whose key `password` a directive refers. */
const creds = (fields: Patch, values: Patch = USED): Patch =>
  spec({ resources: { creds: { type: 'secret', ...fields } }, values });
const params = (fields: Patch): Patch => creds({ params: fields });

/** One value beside a declared secret of two keys. */
const value = (a: unknown): Patch =>
  spec({
    resources: {
      creds: { type: 'secret', params: { keys: ['password', 'tls.crt'] } },
    },
    values: { a },
  });

const unresolved = (rows: readonly [string, unknown][]): Row[] =>
  rows.map(
    ([sentence, a]): Row => [sentence, spec({ values: { a } }), REFERENCES],
  );

/** Secrets: where they come from, and where they go. */
export const secretRows: Golden<
  | 'resource-name'
  | 'secret-provider'
  | 'secret-id'
  | 'secret-key'
  | 'secret-refresh'
  | 'references-resolvable'
  | 'resource-unused'
  | 'secret-in-values'
> = {
  'resource-name': {
    passes: [['a plain name', creds({})]],
    finds: [
      [
        'capitals and spaces',
        spec({ resources: { 'A b': { type: 'secret' } } }),
        [
          'resource-name spec.resources["A b"]',
          'resource-unused spec.resources["A b"] (warning)',
        ],
      ],
      [
        'a dot, which would end the name in a reference',
        spec({ resources: { 'a.b': { type: 'secret' } } }),
        [
          'resource-name spec.resources["a.b"]',
          'resource-unused spec.resources["a.b"] (warning)',
        ],
      ],
    ],
  },
  'secret-provider': {
    passes: [['the name of a store', params({ provider: 'vault-prod' })]],
    finds: [
      [
        'an address',
        params({ provider: 'https://vault.example.com' }),
        ['secret-provider spec.resources.creds.params.provider'],
      ],
      [
        'capitals',
        params({ provider: 'Vault' }),
        ['secret-provider spec.resources.creds.params.provider'],
      ],
    ],
  },
  'secret-id': {
    passes: [
      ['a path', creds({ id: 'team/redis' })],
      ['spaces inside', creds({ id: 'team a/redis prod' })],
      ['an ARN', creds({ id: 'arn:aws:secretsmanager:eu-west-1:1:secret:x' })],
    ],
    finds: [
      ['nothing', creds({ id: '' }), ['secret-id spec.resources.creds.id']],
      [
        'a space first',
        creds({ id: ' x' }),
        ['secret-id spec.resources.creds.id'],
      ],
      [
        'a line break',
        creds({ id: 'a\nb' }),
        ['secret-id spec.resources.creds.id'],
      ],
      [
        'an invisible letter',
        creds({ id: 'a\u200bb' }),
        ['secret-id spec.resources.creds.id'],
      ],
    ],
  },
  'secret-key': {
    passes: [
      ['a key with dots', params({ keys: ['password', 'tls.crt'] })],
      ['no list', params({})],
    ],
    finds: [
      [
        'an empty list',
        params({ keys: [] }),
        [
          'secret-key spec.resources.creds.params.keys',
          'references-resolvable spec.values.a',
        ],
      ],
      [
        'a slash',
        params({ keys: ['password', 'a/b'] }),
        ['secret-key spec.resources.creds.params.keys[1]'],
      ],
      [
        'an empty key',
        params({ keys: ['password', ''] }),
        ['secret-key spec.resources.creds.params.keys[1]'],
      ],
    ],
  },
  'secret-refresh': {
    passes: [
      ['a minute', params({ refreshInterval: '1m' })],
      ['half an hour', params({ refreshInterval: '30m' })],
    ],
    finds: [
      [
        'never',
        params({ refreshInterval: '0s' }),
        [
          'secret-refresh spec.resources.creds.params.refreshInterval (warning)',
        ],
      ],
      [
        'every second',
        params({ refreshInterval: '1s' }),
        [
          'secret-refresh spec.resources.creds.params.refreshInterval (warning)',
        ],
      ],
      [
        'longer than can be counted',
        params({ refreshInterval: '9999999h' }),
        ['secret-refresh spec.resources.creds.params.refreshInterval'],
      ],
    ],
  },
  'references-resolvable': {
    passes: [
      ['a directive', creds({})],
      [
        'a directive that names a key with dots',
        value({ $secret: { c: '${creds.tls.crt}' } }),
      ],
      ['an escaped expression', spec({ values: { a: '$${HOME}' } })],
      ['a dollar sign', spec({ values: { a: 'costs $5' } })],
      ['its own name', spec({ values: { a: '${metadata.name}' } })],
    ],
    finds: [
      ...unresolved([
        ['an undeclared resource', '${resources.nope.password}'],
        ['a reference that is not closed', 'x ${resources.creds.password'],
        ['a reference without key', '${resources.creds}'],
        ['an empty key', '${resources.creds.}'],
        ['an unknown expression', '${HOME}'],
        ['an empty expression', '${}'],
        ['an empty directive', { $secret: {} }],
        ['a directive that is a list', { $secret: ['${creds.password}'] }],
        ['a directive that is text', { $secret: '${creds.password}' }],
        [
          'a directive of an undeclared resource',
          { $secret: { p: '${nope.x}' } },
        ],
      ]),
      ['an undeclared key', value('${resources.creds.user}'), REFERENCES],
      [
        'a reference in a list',
        spec({ values: { a: ['x', '${resources.nope.password}'] } }),
        ['references-resolvable spec.values.a[1]'],
      ],
      [
        'a resource of another type',
        spec({
          resources: { creds: { type: 'volume' } },
          values: { a: '${resources.creds.x}' },
        }),
        REFERENCES,
      ],
      [
        'a directive with neighbours',
        value({ $secret: { p: '${creds.password}' }, b: 1 }),
        REFERENCES,
      ],
    ],
  },
  'resource-unused': {
    passes: [['a resource that a directive reads', creds({})]],
    finds: [
      [
        'a resource that nothing refers to',
        creds({}, {}),
        ['resource-unused spec.resources.creds (warning)'],
      ],
    ],
  },
  'secret-in-values': {
    passes: [['the name of a Secret', creds({})]],
    finds: [
      [
        'the chapter’s form',
        value('${resources.creds.password}'),
        ['secret-in-values spec.values.a (warning)'],
      ],
      [
        'the form of services',
        value('${secret.creds.password}'),
        ['secret-in-values spec.values.a (warning)'],
      ],
      [
        'several places, said once',
        value(['${secret.creds.password}', 'x ${secret.creds.tls.crt}']),
        ['secret-in-values spec.values.a[0] (warning)'],
      ],
    ],
  },
};
