import { parse } from 'yaml';
import { LatticePackage } from '../api/packageModel';
import { parsePackage } from '../api/parsePackage';
import { aPackage, CHAPTER_PACKAGE } from '../testing/manifests';
import { planSecrets } from './planSecrets';
import { secretName } from './secretName';
import { SecretDefaults, SecretPlan } from './secretPlan';

const DEFAULTS: SecretDefaults = {
  defaultStore: 'lab',
  defaultKey: '{namespace}/{resource}',
};

function planOf(pkg: LatticePackage, defaults = DEFAULTS): SecretPlan {
  const result = planSecrets(pkg, defaults);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.plan;
}

const VAULT = {
  creds: {
    type: 'secret',
    id: 'team/redis',
    params: { provider: 'vault', keys: ['password', 'user'] },
  },
};

describe('planSecrets', () => {
  it('plans one ExternalSecret for the chapter, from the configured store', () => {
    const parsed = parsePackage(parse(CHAPTER_PACKAGE));
    const plan = planOf((parsed as { value: LatticePackage }).value);
    expect(plan.accesses).toEqual([
      { resource: 'redis', provider: 'lab', remoteKey: 'data/redis' },
    ]);
    expect(plan.externalSecrets).toHaveLength(1);
    expect(plan.externalSecrets[0]).toMatchObject({
      mode: 'value',
      resource: 'redis',
      keys: ['auth-token'],
    });
  });

  it('writes the whole object of a value secret', () => {
    const pkg = aPackage({
      spec: { resources: VAULT, values: { a: '${resources.creds.password}' } },
    });
    const name = secretName({ name: 'redis', uid: 'uid-1' }, 'creds');
    expect(planOf(pkg).externalSecrets[0].object).toEqual({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: {
        name,
        namespace: 'data',
        labels: {
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/managed-by': 'lattice',
          'portal.lattice.dev/owner-uid': 'uid-1',
        },
        ownerReferences: [
          {
            apiVersion: 'lattice.dev/v1alpha1',
            kind: 'LatticePackage',
            name: 'redis',
            uid: 'uid-1',
            controller: true,
            blockOwnerDeletion: false,
          },
        ],
      },
      spec: {
        refreshInterval: '1h',
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
        target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain' },
        data: [
          {
            secretKey: 'password',
            remoteRef: { key: 'team/redis', property: 'password' },
          },
          {
            secretKey: 'user',
            remoteRef: { key: 'team/redis', property: 'user' },
          },
        ],
      },
    });
  });

  it('extracts everything where no keys are declared, and expects the referenced ones', () => {
    const [planned] = planOf(
      aPackage({
        spec: {
          resources: {
            creds: { type: 'secret', params: { refreshInterval: '30m' } },
          },
          values: { a: '${resources.creds.tls.crt}' },
        },
      }),
    ).externalSecrets;
    expect(planned.keys).toEqual(['tls.crt']);
    expect(planned.object.spec).toMatchObject({
      refreshInterval: '30m',
      dataFrom: [{ extract: { key: 'data/creds' } }],
    });
  });

  it('plans a directive under the keys of its target', () => {
    const pkg = aPackage({
      spec: {
        resources: VAULT,
        values: {
          auth: {
            existingSecret: {
              $secret: { 'redis-password': '${creds.password}' },
            },
          },
        },
      },
    });
    const plan = planOf(pkg);
    const [planned] = plan.externalSecrets;
    expect(planned).toMatchObject({
      mode: 'directive',
      path: 'spec.values.auth.existingSecret',
      keys: ['redis-password'],
    });
    expect(planned.name).toMatch(/^redis-auth-existingsecret-[0-9a-f]{8}$/);
    expect(plan.directiveNames).toEqual({
      'spec.values.auth.existingSecret': planned.name,
    });
    expect(planned.object.spec).toMatchObject({
      data: [
        {
          secretKey: 'redis-password',
          remoteRef: { key: 'team/redis', property: 'password' },
        },
      ],
    });
  });

  it('lets one directive read two stores', () => {
    const [planned] = planOf(
      aPackage({
        spec: {
          resources: { ...VAULT, other: { type: 'secret' } },
          values: {
            a: { $secret: { p: '${creds.password}', q: '${other.q}' } },
          },
        },
      }),
    ).externalSecrets;
    expect(planned.accesses.map(({ provider }) => provider)).toEqual([
      'vault',
      'lab',
    ]);
    expect(planned.object.spec).toMatchObject({
      secretStoreRef: { name: 'vault' },
      data: [
        { secretKey: 'p' },
        {
          secretKey: 'q',
          sourceRef: { storeRef: { kind: 'ClusterSecretStore', name: 'lab' } },
        },
      ],
    });
  });

  it('puts a directive where the pods are, without an owner that the collector would not find', () => {
    const [planned] = planOf(
      aPackage({
        spec: {
          targetNamespace: 'cache',
          resources: VAULT,
          values: { a: { $secret: { p: '${creds.password}' } } },
        },
      }),
    ).externalSecrets;
    expect(planned.object.metadata).toMatchObject({
      namespace: 'cache',
      labels: { 'portal.lattice.dev/owner-uid': 'uid-1' },
    });
    expect(planned.object.metadata.ownerReferences).toBeUndefined();
  });

  it('plans nothing for resources that nothing refers to', () => {
    expect(planOf(aPackage({ spec: { resources: VAULT } }))).toMatchObject({
      externalSecrets: [],
      accesses: [],
    });
  });

  it('says what to configure when no store is named, and never guesses', () => {
    const result = planSecrets(
      aPackage({
        spec: {
          resources: { creds: { type: 'secret' } },
          values: { a: '${resources.creds.k}' },
        },
      }),
      { defaultKey: '{namespace}/{resource}' },
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        {
          path: 'spec.resources.creds.params.provider',
          message: expect.stringContaining('lattice.secrets.defaultStore'),
        },
      ],
    });
  });

  it('refuses what cannot be resolved', () => {
    const result = planSecrets(
      aPackage({ spec: { values: { a: '${resources.nope.k}' } } }),
      DEFAULTS,
    );
    expect(result).toMatchObject({
      ok: false,
      problems: [{ path: 'spec.values.a' }],
    });
  });
});

describe('secretName', () => {
  const pkg = { name: 'redis', uid: 'uid-1' };

  it('tells apart what reads the same', () => {
    const names = [
      secretName({ name: 'a', uid: 'u' }, 'b-c'),
      secretName({ name: 'a-b', uid: 'u' }, 'c'),
      secretName(pkg, 'auth'),
      secretName(pkg, 'spec.values.auth'),
      secretName({ ...pkg, uid: 'uid-2' }, 'auth'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is stable', () => {
    // sha256 of ["uid-1","auth"]
    expect(secretName(pkg, 'auth')).toBe('redis-auth-46250dc7');
    expect(secretName(pkg, 'spec.values.tls[0].secretName')).toMatch(
      /^redis-tls-0-secretname-[0-9a-f]{8}$/,
    );
  });

  it('fits a label and stays a name', () => {
    const name = secretName({ name: 'a'.repeat(53), uid: 'u' }, 'b'.repeat(63));
    expect(name.length).toBeLessThanOrEqual(63);
    expect(name).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
  });
});
