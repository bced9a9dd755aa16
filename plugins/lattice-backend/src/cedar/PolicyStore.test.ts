import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { NOT_LISTED } from '../clusters/watchReasons';
import { ResourceCache } from '../clusters/types';
import { PolicyStore } from './PolicyStore';
import {
  accessSecret,
  allowWildcard,
  installClusterScoped,
  installIntoNamespace,
  installPolicyObjects,
} from './requests';

const redis = { namespace: 'data', name: 'redis' };
const secret = { provider: 'lab', remoteKey: 'data/redis' };
const exact =
  'permit(principal == Lattice::Service::"data/redis", action == Lattice::Action::"AccessSecret", resource == Lattice::SecretPath::"lab:data/redis");';
const everything = 'permit(principal, action, resource);';

let stores = 0;

function storeOf(policies: string[], cache?: ResourceCache) {
  stores += 1;
  return new PolicyStore({
    cluster: `test-${stores}`,
    namespace: 'lattice-system',
    configured: policies.map((policy, index) => ({ id: `p${index}`, policy })),
    cache,
    logger: mockServices.logger.mock(),
  });
}

function aCedarPolicy(
  policies: string,
  change: {
    name?: string;
    uid?: string;
    enabled?: boolean;
    namespace?: string;
  } = {},
): KubernetesObject {
  const { name = 'tenant', uid = 'u1', enabled, namespace } = change;
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'CedarPolicy',
    metadata: { name, uid, namespace: namespace ?? 'lattice-system' },
    spec: { policies, ...(enabled === undefined ? {} : { enabled }) },
  };
}

function aCache(isComplete = true) {
  const listeners: Parameters<ResourceCache['onChange']>[0][] = [];
  let objects: KubernetesObject[] = [];
  const cache = {
    kind: KINDS.CedarPolicy,
    isComplete,
    error: undefined,
    lastSeenAt: undefined,
    get: () => undefined,
    list: (namespace?: string) =>
      objects.filter(it => it.metadata.namespace === namespace),
    onChange: (listener: (typeof listeners)[0]) => {
      listeners.push(listener);
      return () => undefined;
    },
    synced: async () => undefined,
    set: (...next: KubernetesObject[]) => {
      const before = objects[0];
      objects = next;
      listeners.forEach(it => it({ before, after: next[0] }));
    },
  };
  return cache;
}

describe('decision vectors', () => {
  it.each<[string, string[], Parameters<PolicyStore['decide']>[0], string]>([
    ['no policies deny', [], accessSecret(redis, secret), 'NoPermit'],
    ['an exact permit allows', [exact], accessSecret(redis, secret), 'Allowed'],
    [
      'an exact permit stops at another path',
      [exact],
      accessSecret(redis, { ...secret, remoteKey: 'data/redis2' }),
      'NoPermit',
    ],
    [
      'an exact permit stops at another provider',
      [exact],
      accessSecret(redis, { ...secret, provider: 'vault' }),
      'NoPermit',
    ],
    [
      'an exact permit stops at another namespace',
      [exact],
      accessSecret({ ...redis, namespace: 'other' }, secret),
      'NoPermit',
    ],
    [
      'a permit by namespace and path pattern allows inside',
      [
        'permit(principal, action == Lattice::Action::"AccessSecret", resource) when { principal.namespace == "data" && resource.path like "data/*" };',
      ],
      accessSecret(redis, secret),
      'Allowed',
    ],
    [
      'a permit by namespace and path pattern stops outside',
      [
        'permit(principal, action == Lattice::Action::"AccessSecret", resource) when { principal.namespace == "data" && resource.path like "data/*" };',
      ],
      accessSecret(redis, { ...secret, remoteKey: 'commerce/x' }),
      'NoPermit',
    ],
    [
      'a forbid beats every permit',
      [
        everything,
        'forbid(principal, action, resource) when { resource has path && resource.path == "data/redis" };',
      ],
      accessSecret(redis, secret),
      'Forbidden',
    ],
    [
      'a permit for packages does not reach a service of the same name',
      [
        'permit(principal, action, resource) when { principal.kind == "package" };',
      ],
      allowWildcard(redis, 'inbound'),
      'NoPermit',
    ],
    [
      'a permit that cannot be evaluated is a denial',
      [
        everything,
        'forbid(principal, action, resource) when { principal.nothing == 1 };',
      ],
      accessSecret(redis, secret),
      'PolicyError',
    ],
    [
      'cluster-scoped kinds have an action of their own',
      [
        'permit(principal, action == Lattice::Action::"InstallClusterScoped", resource == Lattice::Kind::"rbac.authorization.k8s.io/ClusterRole");',
      ],
      installClusterScoped(redis, {
        group: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
      }),
      'Allowed',
    ],
    [
      'a permit for cluster-scoped kinds is none for policy objects',
      [
        'permit(principal, action == Lattice::Action::"InstallClusterScoped", resource);',
      ],
      installPolicyObjects(redis, { group: 'cilium.io', kind: 'X' }),
      'NoPermit',
    ],
    [
      'another namespace needs its own permit',
      [exact],
      installIntoNamespace(redis, 'commerce'),
      'NoPermit',
    ],
  ])('%s', (_, policies, request, reason) => {
    const decision = storeOf(policies).decide(request);
    expect(decision.reason).toBe(reason);
    expect(decision.isAllowed).toBe(reason === 'Allowed');
  });

  it('names the policies that decided', () => {
    expect(
      storeOf([exact]).decide(accessSecret(redis, secret)).policies,
    ).toEqual(['config:p0_0']);
  });

  it('denies everything when a configured policy cannot be read', () => {
    const store = storeOf([everything, 'permit(oops']);
    expect(store.decide(accessSecret(redis, secret)).reason).toBe(
      'PolicyError',
    );
    expect(store.error).toMatch(/p1/);
  });

  it('denies everything when two configured policies share an id: one of them would be lost', () => {
    const store = new PolicyStore({
      cluster: 'twice',
      namespace: 'lattice-system',
      configured: [
        { id: 'a', policy: 'forbid(principal, action, resource);' },
        { id: 'a', policy: everything },
      ],
      logger: mockServices.logger.mock(),
    });
    expect(store.decide(accessSecret(redis, secret))).toMatchObject({
      isAllowed: false,
      reason: 'PolicyError',
    });
  });

  it('denies everything when a policy is a template', () => {
    const store = storeOf([
      everything,
      'forbid(principal == ?principal, action, resource);',
    ]);
    expect(store.decide(accessSecret(redis, secret)).isAllowed).toBe(false);
  });
});

describe('CedarPolicy objects', () => {
  const ask = (store: PolicyStore) =>
    store.decide(accessSecret(redis, secret)).reason;

  it('count at once, and stop to count when they go or are disabled', () => {
    const cache = aCache();
    const store = storeOf([], cache);
    const changed = jest.fn();
    store.onChange(changed);
    expect(ask(store)).toBe('NoPermit');
    cache.set(aCedarPolicy(exact));
    expect(ask(store)).toBe('Allowed');
    cache.set(aCedarPolicy(exact, { enabled: false }));
    expect(ask(store)).toBe('NoPermit');
    cache.set();
    expect(ask(store)).toBe('NoPermit');
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('of a tenant do not count', () => {
    const cache = aCache();
    const store = storeOf([], cache);
    cache.set(aCedarPolicy(everything, { namespace: 'data' }));
    expect(ask(store)).toBe('NoPermit');
  });

  it('that break keep their last good text, a forbid above all', () => {
    const cache = aCache();
    const store = storeOf([everything], cache);
    cache.set(aCedarPolicy('forbid(principal, action, resource);'));
    expect(ask(store)).toBe('Forbidden');
    cache.set(aCedarPolicy('forbid(oops'));
    expect(ask(store)).toBe('Forbidden');
  });

  it('that were never good deny everything, also after being made anew', () => {
    const cache = aCache();
    const store = storeOf([everything], cache);
    cache.set(aCedarPolicy('forbid(oops'));
    expect(ask(store)).toBe('PolicyError');
    cache.set(aCedarPolicy('permit(principal, action, resource);'));
    cache.set(aCedarPolicy('forbid(oops', { uid: 'u2' }));
    expect(ask(store)).toBe('PolicyError');
  });

  it('that are not fully listed deny everything', () => {
    const cache = aCache(false);
    const store = storeOf([everything], cache);
    expect(ask(store)).toBe('PolicyError');
    cache.isComplete = true;
    expect(ask(store)).toBe('Allowed');
    cache.isComplete = false;
    expect(ask(store)).toBe('PolicyError');
  });

  it('are being read until the first list ends or fails, so that nobody is told of a denial too early', () => {
    const cache = { ...aCache(false), error: NOT_LISTED as string | undefined };
    const store = storeOf([everything], cache);
    expect(store.isReading).toBe(true);
    cache.error = 'forbidden';
    expect(store.isReading).toBe(false);
    cache.error = undefined;
    cache.isComplete = true;
    expect(store.isReading).toBe(false);
  });
});
