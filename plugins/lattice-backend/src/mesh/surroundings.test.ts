import {
  KubernetesObject,
  PolicyGap,
  policyName,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { findUnsupported } from './surroundings';
import { atWork, chapter } from './__testUtils__/atWork';
import { aMemberManifest, aPodManifest } from './__testUtils__/manifests';

type World = ReturnType<typeof atWork>;

function aPolicy(
  kind: string,
  name: string,
  spec: object,
  namespace?: string,
): KubernetesObject {
  const apiVersion: Record<string, string> = {
    NetworkPolicy: 'networking.k8s.io/v1',
    AuthorizationPolicy: 'security.istio.io/v1',
  };
  return {
    apiVersion: apiVersion[kind] ?? 'cilium.io/v2',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
    spec: spec as KubernetesObject['spec'],
  };
}

function aNamespace(labels: Record<string, string>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'data', labels },
  };
}

const IN_MESH = { 'istio.io/dataplane-mode': 'ambient' };
const foreignPolicy = (world: World) =>
  world.condition('data/redis', 'ForeignPolicy');

describe('policies of others about the pods of a member', () => {
  const REDIS = { matchLabels: { app: 'redis' } };
  const OPEN = [{ fromEntities: ['all'] }];

  it.each<[string, KubernetesObject]>([
    [
      'a CiliumNetworkPolicy',
      aPolicy(
        'CiliumNetworkPolicy',
        'chart',
        { endpointSelector: REDIS, ingress: OPEN },
        'data',
      ),
    ],
    [
      'a CiliumClusterwideNetworkPolicy',
      aPolicy('CiliumClusterwideNetworkPolicy', 'chart', {
        endpointSelector: {
          matchExpressions: [{ key: 'app', operator: 'Exists' }],
        },
        ingress: OPEN,
      }),
    ],
    [
      'a NetworkPolicy',
      aPolicy(
        'NetworkPolicy',
        'chart',
        { podSelector: REDIS, ingress: [{}] },
        'data',
      ),
    ],
    [
      'an AuthorizationPolicy of the mesh',
      aPolicy(
        'AuthorizationPolicy',
        'chart',
        { action: 'ALLOW', rules: [{}] },
        'istio-system',
      ),
    ],
  ])('are reported while they are there: %s', async (_, policy) => {
    const world = await chapter();
    world.cluster.put(aNamespace(IN_MESH));
    await world.settle();
    expect(foreignPolicy(world)).toBeUndefined();

    world.cluster.put(policy);
    await world.settle();
    expect(foreignPolicy(world)).toMatchObject({
      status: 'True',
      reason: 'ForeignPolicyFound',
      message: expect.stringMatching(/chart/),
    });
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });

    const { namespace, name } = policy.metadata;
    const kind = KINDS[policy.kind as keyof typeof KINDS];
    world.cluster.remove(kind, namespace ? { namespace, name } : { name });
    await world.settle();
    expect(foreignPolicy(world)).toBeUndefined();
  });

  it('are not reported any more when they go, even if they bear the name of another member’s policy', async () => {
    const world = await chapter();
    const other = { namespace: 'data', name: 'taken' };
    const policy = aPolicy(
      'CiliumNetworkPolicy',
      policyName(other),
      { endpointSelector: REDIS, ingress: OPEN },
      'data',
    );
    world.cluster.put(policy);
    world.cluster.put(aMemberManifest('data/taken'));
    await world.settle();
    expect(foreignPolicy(world)).toBeDefined();
    world.cluster.remove(KINDS.CiliumNetworkPolicy, {
      ...other,
      name: policyName(other),
    });
    await world.settle();
    expect(foreignPolicy(world)).toBeUndefined();
  });

  it('are not reported when they are about other pods', async () => {
    const world = await chapter();
    world.cluster.put(
      aPolicy(
        'CiliumNetworkPolicy',
        'chart',
        {
          endpointSelector: { matchLabels: { app: 'other' } },
          ingress: OPEN,
        },
        'data',
      ),
    );
    await world.settle();
    expect(foreignPolicy(world)).toBeUndefined();
  });

  it('are not reported when they only let probes in, as Istio asks of every cluster', async () => {
    const world = await chapter();
    world.cluster.put(
      aPolicy('CiliumClusterwideNetworkPolicy', 'allow-ambient-hostprobes', {
        endpointSelector: {},
        enableDefaultDeny: { ingress: false, egress: false },
        ingress: [{ fromCIDR: ['169.254.7.127/32'] }],
      }),
    );
    await world.settle();
    expect(foreignPolicy(world)).toBeUndefined();
  });
});

describe('pods outside of the mesh', () => {
  it('are told with the patch that takes them in', async () => {
    const world = await chapter();
    expect(world.condition('data/redis', 'Enrolled')).toMatchObject({
      status: 'False',
      reason: 'NotInMesh',
      message: expect.stringMatching(/redis-0.*dataplane-mode/),
    });
    world.cluster.put(aNamespace(IN_MESH));
    await world.settle();
    expect(world.condition('data/redis', 'Enrolled')).toMatchObject({
      status: 'True',
    });
  });

  it('are nothing to tell of a member that does not take part', async () => {
    const world = atWork();
    world.cluster.put(aMemberManifest('data/redis', { ambient: false }));
    world.cluster.put(aPodManifest('data/redis-0', { app: 'redis' }));
    await world.settle();
    expect(world.condition('data/redis', 'Enrolled')).toBeUndefined();
  });
});

describe('what is declared and not acted on', () => {
  const gap = (reason: PolicyGap['reason']) =>
    findUnsupported(undefined, [{ reason, message: 'why it stays closed' }]);

  it('is told while it is declared, and what other conditions tell is not repeated', () => {
    expect(gap('EgressIgnored')).toMatchObject({
      status: 'True',
      reason: 'NotSupported',
      message: 'why it stays closed',
    });
    expect(gap('AgreedButBlocked')).toBeUndefined();
    expect(gap('EngineMissing')).toBeUndefined();
  });
});
