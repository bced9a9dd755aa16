import { stringify } from 'yaml';
import { KubernetesObject } from '../api/object';
import { aPackage, Patch } from '../testing/manifests';
import { planSecrets, SecretPlan } from './index';

/** Stands for the hash at the end of a name, which depends on UID and path alone. */
const HASH = /-[0-9a-f]{8}$/;

function planOf(spec: Patch, name = 'redis'): SecretPlan {
  const pkg = aPackage({ metadata: { name }, spec });
  const result = planSecrets(pkg, { defaultKey: '{namespace}/{resource}' });
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.plan;
}

/** The part of an ExternalSecret that the worked objects are about. */
function shapeOf({ metadata, spec }: KubernetesObject): unknown {
  const { refreshInterval, secretStoreRef, target, data, dataFrom } = spec as {
    refreshInterval: string;
    secretStoreRef: { kind: string; name: string };
    target: { name: string; template?: unknown };
    data?: unknown;
    dataFrom?: unknown;
  };
  return JSON.parse(
    JSON.stringify({
      name: metadata.name.replace(HASH, ''),
      target: target.name === metadata.name ? 'same' : target.name,
      store: `${secretStoreRef.kind}/${secretStoreRef.name}`,
      every: refreshInterval,
      template: target.template,
      data,
      dataFrom,
    }),
  );
}

const CREDS = {
  type: 'secret',
  id: 'team/redis',
  params: { provider: 'vault', keys: ['password', 'user'] },
};
const DB = {
  type: 'secret',
  id: 'db/prod',
  params: { provider: 'vault', keys: ['user', 'pass'], refreshInterval: '30m' },
};

/** What most of the objects have in common. */
const USUAL = {
  target: 'same',
  store: 'ClusterSecretStore/vault',
  every: '1h',
};

function entry(secretKey: string, key: string, property: string) {
  return { secretKey, remoteRef: { key, property } };
}

type Row = [sentence: string, spec: Patch, expected: Record<string, unknown>[]];

const ROWS: Row[] = [
  [
    'S1: a directive becomes one ExternalSecret under the keys of its target',
    {
      resources: { creds: CREDS },
      values: {
        auth: {
          existingSecret: {
            $secret: { 'redis-password': '${creds.password}' },
          },
        },
      },
    },
    [
      {
        name: 'redis-auth-existingsecret',
        data: [entry('redis-password', 'team/redis', 'password')],
      },
    ],
  ],
  [
    'S2: one directive reads two resources of one store',
    {
      resources: { creds: CREDS, db: DB },
      values: { a: { $secret: { p: '${creds.password}', q: '${db.pass}' } } },
    },
    [
      {
        name: 'redis-a',
        every: '30m',
        data: [
          entry('p', 'team/redis', 'password'),
          entry('q', 'db/prod', 'pass'),
        ],
      },
    ],
  ],
  [
    'S2: and of two stores, each entry naming its own where it differs',
    {
      resources: {
        creds: CREDS,
        other: { type: 'secret', id: 'x', params: { provider: 'aws' } },
      },
      values: { a: { $secret: { p: '${creds.password}', q: '${other.q}' } } },
    },
    [
      {
        name: 'redis-a',
        data: [
          entry('p', 'team/redis', 'password'),
          {
            ...entry('q', 'x', 'q'),
            sourceRef: {
              storeRef: { kind: 'ClusterSecretStore', name: 'aws' },
            },
          },
        ],
      },
    ],
  ],
  [
    'S3: two directives are two ExternalSecrets, named after their places',
    {
      resources: { creds: CREDS },
      values: {
        tls: [{ secretName: { $secret: { crt: '${creds.user}' } } }],
        auth: { $secret: { p: '${creds.password}' } },
      },
    },
    [
      { name: 'redis-auth', data: [entry('p', 'team/redis', 'password')] },
      {
        name: 'redis-tls-0-secretname',
        data: [entry('crt', 'team/redis', 'user')],
      },
    ],
  ],
  [
    'S4: a resource with keys is fetched key by key, as often as it says',
    {
      resources: { db: DB },
      values: { a: '${resources.db.user}' },
    },
    [
      {
        name: 'redis-db',
        every: '30m',
        data: [
          entry('user', 'db/prod', 'user'),
          entry('pass', 'db/prod', 'pass'),
        ],
      },
    ],
  ],
  [
    'S4: without keys, everything under its id',
    {
      resources: {
        db: { type: 'secret', id: 'db/prod', params: { provider: 'vault' } },
      },
      values: { a: '${secret.db.user}' },
    },
    [{ name: 'redis-db', dataFrom: [{ extract: { key: 'db/prod' } }] }],
  ],
  [
    'S4: with a type, the Secret gets it',
    {
      resources: {
        db: {
          type: 'secret',
          id: 'db/prod',
          params: { provider: 'vault', secretType: 'kubernetes.io/basic-auth' },
        },
      },
      values: { a: '${secret.db.password}' },
    },
    [
      {
        name: 'redis-db',
        dataFrom: [{ extract: { key: 'db/prod' } }],
        template: { engineVersion: 'v2', type: 'kubernetes.io/basic-auth' },
      },
    ],
  ],
  [
    'S5: text around references is rendered by the operator, not by Helm',
    {
      resources: { db: DB },
      values: {
        env: {
          $secret: { DSN: 'pg://${secret.db.user}:${secret.db.pass}@h' },
        },
      },
    },
    [
      {
        name: 'redis-env',
        every: '30m',
        template: {
          engineVersion: 'v2',
          data: { DSN: 'pg://{{ .db_user }}:{{ .db_pass }}@h' },
        },
        data: [
          entry('db_user', 'db/prod', 'user'),
          entry('db_pass', 'db/prod', 'pass'),
        ],
      },
    ],
  ],
  [
    'S6: so is a whole file, beside a key that is one reference',
    {
      resources: { db: DB },
      values: {
        configSecret: {
          $secret: {
            'app.yaml': 'user: ${db.user}\npass: "${db.pass}"\n',
            password: '${db.pass}',
          },
        },
      },
    },
    [
      {
        name: 'redis-configsecret',
        every: '30m',
        template: {
          engineVersion: 'v2',
          data: {
            'app.yaml': 'user: {{ .db_user }}\npass: "{{ .db_pass }}"\n',
            password: '{{ .db_pass }}',
          },
        },
        data: [
          entry('db_user', 'db/prod', 'user'),
          entry('db_pass', 'db/prod', 'pass'),
        ],
      },
    ],
  ],
  [
    'S7: the chapter reads a value through one ExternalSecret per resource',
    {
      resources: {
        redis: {
          type: 'secret',
          id: 'data/redis',
          params: { provider: 'vault', keys: ['auth-token'] },
        },
      },
      values: {
        auth: { password: '${resources.redis.auth-token}' },
        again: 'x-${secret.redis.auth-token}',
      },
    },
    [
      {
        name: 'redis-redis',
        data: [entry('auth-token', 'data/redis', 'auth-token')],
      },
    ],
  ],
];

describe('the worked objects', () => {
  it.each(ROWS)('%s', (_, spec, expected) => {
    const shapes = planOf(spec).externalSecrets.map(one => shapeOf(one.object));
    expect(shapes).toEqual(expected.map(one => ({ ...USUAL, ...one })));
  });

  it.each(ROWS)('%s: named by decision 12, whole in YAML', (_, spec) => {
    for (const { name, object } of planOf(spec).externalSecrets) {
      expect(name).toMatch(/^[a-z0-9-]+-[0-9a-f]{8}$/);
      expect(stringify(object)).not.toContain('undefined');
      expect(object.metadata.labels?.['portal.lattice.dev/owner-uid']).toBe(
        'uid-1',
      );
    }
  });

  it('S1: puts only what is referred to before Cedar', () => {
    const plan = planOf({
      resources: { creds: CREDS, db: DB },
      values: { a: { $secret: { p: '${creds.password}' } } },
    });
    expect(plan.accesses).toEqual([
      { resource: 'creds', provider: 'vault', remoteKey: 'team/redis' },
    ]);
  });
});

describe('a directive with text', () => {
  function templatesOf(resources: Patch, entries: Record<string, string>) {
    const [planned] = planOf({
      resources,
      values: { a: { $secret: entries } },
    }).externalSecrets;
    const { target, data } = planned.object.spec as {
      target: { template: { data: Record<string, string> } };
      data: { secretKey: string }[];
    };
    return {
      templates: target.template.data,
      fields: data.map(({ secretKey }) => secretKey),
    };
  }

  it('keeps braces that Go would read', () => {
    const { templates } = templatesOf(
      { db: DB },
      { a: '{{ .evil }} {${db.user}}}', b: '{{{${db.user}' },
    );
    expect(templates).toEqual({
      a: '{{ "{{" }} .evil }} {{ "{" }}{{ .db_user }}}}',
      b: '{{ "{{{" }}{{ .db_user }}',
    });
  });

  it('tells apart references that would read alike', () => {
    const { fields } = templatesOf(
      {
        'a-b': { type: 'secret', params: { provider: 'v' } },
        a: { type: 'secret', params: { provider: 'v' } },
      },
      { x: '${a-b.c} ${a.b-c} ${a.b_c}' },
    );
    expect(new Set(fields).size).toBe(3);
    fields.forEach(field => expect(field).toMatch(/^a_b_c_[0-9a-f]{8}$/));
  });

  it('makes fields of any key', () => {
    const { fields } = templatesOf(
      { '9db': { type: 'secret', params: { provider: 'v' } } },
      { x: 'a ${9db.tls.crt}' },
    );
    expect(fields).toEqual(['_9db_tls_crt']);
  });

  it('gives the Secret the type that its resources agree on, and refuses two', () => {
    const ofType = (secretType: string) => ({
      type: 'secret',
      params: { provider: 'v', secretType },
    });
    const values = { a: { $secret: { p: '${one.p}', q: '${two.q}' } } };
    const plan = planOf({
      resources: {
        one: ofType('Opaque'),
        two: { ...DB, params: { provider: 'v' } },
      },
      values,
    });
    expect(plan.externalSecrets[0].object.spec).toMatchObject({
      target: { template: { type: 'Opaque' } },
    });
    const result = planSecrets(
      aPackage({
        spec: {
          resources: {
            one: ofType('Opaque'),
            two: ofType('kubernetes.io/tls'),
          },
          values,
        },
      }),
      { defaultKey: 'x' },
    );
    expect(result).toMatchObject({
      ok: false,
      problems: [{ path: 'spec.values.a' }],
    });
  });
});
