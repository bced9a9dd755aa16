import {
  KubernetesObject,
  ObjectKey,
  policyName,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import {
  ALL_DEFINITIONS,
  atWork,
  chapter,
  CHAPTER_REDIS,
  json,
  key,
} from './__testUtils__/atWork';
import { FakeCluster } from './__testUtils__/FakeCluster';
import {
  aMemberManifest,
  aPodManifest,
  aServiceManifest,
} from './__testUtils__/manifests';

describe('mesh controller', () => {
  it('turns the chapter’s declarations into policies on both sides and reports enforced edges', async () => {
    const world = await chapter();
    expect(world.cilium('data/redis')!.spec).toEqual({
      endpointSelector: { matchLabels: { 'k8s:app': 'redis' } },
      ingress: [
        {},
        ...['checkout', 'inventory'].map(name => ({
          fromEndpoints: [
            {
              matchLabels: {
                'k8s:app.kubernetes.io/name': name,
                'k8s:io.cilium.k8s.policy.cluster': 'default',
                'k8s:io.kubernetes.pod.namespace': 'commerce',
              },
            },
          ],
          toPorts: [{ ports: [{ port: '15008', protocol: 'TCP' }] }],
        })),
      ],
      egress: [{}, expect.anything()],
    });
    expect(world.authorization('data/redis')!.spec).toEqual({
      selector: { matchLabels: { app: 'redis' } },
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: {
                principals: [
                  'cluster.local/ns/commerce/sa/checkout',
                  'cluster.local/ns/commerce/sa/inventory',
                ],
              },
            },
          ],
          to: [{ operation: { ports: ['6379'] } }],
        },
      ],
    });
    expect(json(world.cilium('commerce/checkout'))).toContain(
      '"k8s:app":"redis"',
    );
    expect(world.edges('data/redis')).toEqual([
      'inbound commerce/checkout enforced',
      'inbound commerce/inventory enforced',
    ]);
    expect(world.status('data/redis')).toMatchObject({
      phase: 'Ready',
      scope: 'Workload',
      observedGeneration: 1,
      appliedResources: [
        { kind: 'AuthorizationPolicy' },
        { kind: 'CiliumNetworkPolicy' },
      ],
    });
    expect(world.condition('data/redis', 'AgreementsComplete')).toMatchObject({
      status: 'True',
    });
    expect(world.edges('commerce/checkout', 'LatticeService')).toEqual([
      'outbound data/redis enforced',
    ]);
  });

  it('comes to rest: another look at everything writes nothing', async () => {
    const world = await chapter();
    const before = world.cluster.writes.length;
    await world.settle(20 * 60_000);
    expect(world.cluster.writes.slice(before)).toEqual([]);
  }, 20_000);

  it('does not let a caller out before the callee’s own policies stand', async () => {
    const world = await chapter();
    const order = world.cluster.writes.filter(
      write => !write.includes('Status'),
    );
    const opened = order.findIndex(write =>
      write.startsWith('replace CiliumNetworkPolicy commerce/'),
    );
    const firstOfCallee = order.findIndex(write =>
      write.startsWith('create CiliumNetworkPolicy data/'),
    );
    const createdOpen = order.findIndex(write =>
      write.startsWith('create CiliumNetworkPolicy commerce/'),
    );
    expect(firstOfCallee).toBeGreaterThanOrEqual(0);
    expect(Math.max(opened, createdOpen)).toBeGreaterThan(firstOfCallee);
  });

  it('names no callee to a caller that waits, unless the caller has named it itself', async () => {
    const world = atWork();
    world.cluster.put({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'data', name: policyName(key('data/redis')) },
      spec: { endpointSelector: {}, ingress: [{}] },
    });
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    world.cluster.put(
      aMemberManifest('commerce/checkout', { dependsAll: true }),
    );
    world.cluster.put(
      aMemberManifest('commerce/inventory', {
        dependencies: [{ name: 'redis', namespace: 'data' }],
      }),
    );
    await world.settle();
    const messageOf = (member: string) =>
      world.condition(member, 'PoliciesApplied')!.message;
    expect(messageOf('commerce/inventory')).toContain('Not let out yet');
    expect(messageOf('commerce/inventory')).toContain('data/redis');
    expect(messageOf('commerce/checkout')).toContain('Not let out yet');
    expect(messageOf('commerce/checkout')).not.toContain('redis');
  });

  it('does not let a caller out to a callee whose policy Cilium has refused', async () => {
    const world = atWork();
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    const verdict = (status: string) =>
      world.cluster.put({
        ...world.cilium('data/redis')!,
        status: { conditions: [{ type: 'Valid', status, message: 'why' }] },
      });
    verdict('False');
    world.cluster.put(
      aServiceManifest('commerce/checkout', { outbound: ['data/redis'] }),
    );
    await world.settle();
    expect(json(world.cilium('commerce/checkout'))).not.toContain('redis');

    verdict('True');
    await world.settle();
    expect(json(world.cilium('commerce/checkout'))).toContain('redis');
  });

  it('tells a caller whose dependency nobody allows, keeps it in, and clears that when the member appears', async () => {
    const world = atWork();
    world.cluster.put(
      aServiceManifest('commerce/checkout', { outbound: ['data/redis'] }),
    );
    await world.settle();
    expect(
      world.condition(
        'commerce/checkout',
        'AgreementsComplete',
        'LatticeService',
      ),
    ).toMatchObject({
      status: 'False',
      reason: 'OutboundUnmatched',
      message:
        'outbound dependency redis declared but no matching inbound declaration found.',
    });
    expect(json(world.cilium('commerce/checkout'))).not.toContain(
      '"k8s:app":"redis"',
    );

    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(
      world.condition(
        'commerce/checkout',
        'AgreementsComplete',
        'LatticeService',
      ),
    ).toMatchObject({ status: 'True' });
    expect(json(world.cilium('commerce/checkout'))).toContain(
      '"k8s:app":"redis"',
    );
    expect(world.edges('data/redis')).toEqual([
      'inbound commerce/checkout enforced',
      'inbound commerce/inventory halfCallee',
    ]);
  });

  it('closes both sides when the caller withdraws', async () => {
    const world = await chapter();
    world.cluster.put(aServiceManifest('commerce/checkout'));
    await world.settle();
    expect(json(world.cilium('data/redis'))).not.toContain('checkout');
    expect(json(world.authorization('data/redis'))).not.toContain('checkout');
    expect(json(world.cilium('commerce/checkout'))).not.toContain('redis');
    expect(json(world.cilium('data/redis'))).toContain('inventory');
  });

  it('follows a changed service account of a caller', async () => {
    const world = atWork();
    world.cluster.put(
      aMemberManifest('data/redis', {
        ...CHAPTER_REDIS,
        allowedCallers: [{ name: 'app', namespace: 'commerce' }],
      }),
    );
    const app = (serviceAccount: string) =>
      aMemberManifest('commerce/app', {
        serviceAccount,
        dependencies: [{ name: 'redis', namespace: 'data' }],
      });
    world.cluster.put(app('old'));
    await world.settle();
    world.cluster.put({
      ...world.member('commerce/app')!,
      spec: app('new').spec,
    });
    await world.settle();
    expect(json(world.authorization('data/redis'))).toContain('sa/new');
    expect(json(world.authorization('data/redis'))).not.toContain('sa/old');
  });

  it.each<[string, (policy: KubernetesObject) => void]>([
    [
      'another list of specs',
      policy => void (policy.specs = [{ ingress: [{}] }]),
    ],
    [
      'default deny switched off',
      policy => {
        (policy.spec as Record<string, unknown>).enableDefaultDeny = {
          ingress: false,
        };
      },
    ],
    [
      'a rule for everybody',
      policy => {
        (policy.spec as { ingress: object[] }).ingress.push({
          fromEntities: ['all'],
        });
      },
    ],
    [
      'an owner that the collector would follow',
      policy => {
        policy.metadata.ownerReferences = [{ name: 'x', uid: 'x' }];
      },
    ],
  ])('takes %s out that somebody has added', async (_, change) => {
    const world = await chapter();
    const wanted = world.cilium('data/redis')!;
    const edited = structuredClone(wanted);
    change(edited);
    world.cluster.put(edited);
    await world.settle();
    const { metadata, spec, specs } = world.cilium('data/redis')!;
    expect({ spec, specs }).toEqual({ spec: wanted.spec, specs: undefined });
    expect(metadata.ownerReferences).toBeUndefined();
  });

  it('brings a deleted policy back', async () => {
    const world = await chapter();
    const { spec, metadata } = world.authorization('data/redis')!;
    world.cluster.remove(KINDS.AuthorizationPolicy, {
      namespace: metadata.namespace!,
      name: metadata.name,
    });
    await world.settle();
    expect(world.authorization('data/redis')!.spec).toEqual(spec);
  });

  it('removes a copy of a policy that bears our labels under another name', async () => {
    const world = await chapter();
    const copy = structuredClone(world.cilium('data/redis')!);
    copy.metadata.name = 'copied';
    world.cluster.put(copy);
    await world.settle();
    expect(
      world.cluster
        .all(KINDS.CiliumNetworkPolicy)
        .map(one => one.metadata.name),
    ).not.toContain('copied');
  });
});

describe('deletion of a member', () => {
  it('denies everything while pods run, deletes the policies when none is left, then lets the member go', async () => {
    const world = await chapter();
    expect(world.member('data/redis')!.metadata.finalizers).toEqual([
      'portal.lattice.dev/member',
    ]);
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(world.member('data/redis')).toBeDefined();
    expect(world.cilium('data/redis')!.spec).toEqual({
      endpointSelector: { matchLabels: { 'k8s:app': 'redis' } },
      ingress: [{}],
      egress: [{}],
    });
    expect(world.authorization('data/redis')!.spec).toEqual({
      selector: { matchLabels: { app: 'redis' } },
      action: 'ALLOW',
    });
    expect(world.condition('data/redis', 'PoliciesApplied')).toMatchObject({
      reason: 'DenyOnly',
    });
    expect(json(world.cilium('commerce/checkout'))).not.toContain('redis');

    world.cluster.remove(KINDS.Pod, key('data/redis-0'));
    await world.settle();
    expect(world.member('data/redis')).toBeUndefined();
    expect(world.cilium('data/redis')).toBeUndefined();
    expect(world.authorization('data/redis')).toBeUndefined();
  });

  it('keeps the finalizers of others', async () => {
    const world = await chapter();
    const member = world.member('data/redis')!;
    member.metadata.finalizers = [
      'a/first',
      ...member.metadata.finalizers!,
      'z/last',
    ];
    world.cluster.put(member);
    world.cluster.remove(KINDS.Pod, key('data/redis-0'));
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(world.member('data/redis')!.metadata.finalizers).toEqual([
      'a/first',
      'z/last',
    ]);
  });

  it('hands over to a service of the same key without a window of more access', async () => {
    const world = await chapter();
    world.cluster.put(
      aServiceManifest('data/redis', {
        inbound: ['commerce/checkout'],
        port: 6379,
      }),
    );
    await world.settle();
    const narrowedTo: string[] = [];
    world.cluster.onWrite = () =>
      narrowedTo.push(json(world.cilium('data/redis')));
    world.cluster.remove(KINDS.LatticeMeshMember, key('data/redis'));
    await world.settle();
    expect(world.member('data/redis')).toBeUndefined();
    expect(narrowedTo.every(spec => spec.includes('"ingress":[{}'))).toBe(true);
    expect(json(world.cilium('data/redis'))).toContain('checkout');
    expect(json(world.cilium('data/redis'))).not.toContain('inventory');
    expect(world.edges('data/redis', 'LatticeService')).toEqual([
      'inbound commerce/checkout enforced',
    ]);
  });

  it('makes the policies of a service that is gone deny-only, and deletes them with the last pod', async () => {
    const world = await chapter();
    world.cluster.put(
      aPodManifest('commerce/checkout-0', {
        'app.kubernetes.io/name': 'checkout',
      }),
    );
    world.cluster.remove(KINDS.LatticeService, key('commerce/checkout'));
    await world.settle();
    expect(world.cilium('commerce/checkout')!.spec).toMatchObject({
      ingress: [{}],
      egress: [{}],
    });
    world.cluster.remove(KINDS.Pod, key('commerce/checkout-0'));
    await world.settle();
    expect(world.cilium('commerce/checkout')).toBeUndefined();
  });
});

describe('what a failure must not do', () => {
  it('leaves an object of somebody else alone and opens nothing beside it', async () => {
    const world = atWork();
    const foreign: KubernetesObject = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { namespace: 'data', name: policyName(key('data/redis')) },
      spec: { endpointSelector: {}, ingress: [{}] },
    };
    world.cluster.put(foreign);
    world.cluster.put(
      aServiceManifest('commerce/checkout', { outbound: ['data/redis'] }),
    );
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(world.cilium('data/redis')!.spec).toEqual(foreign.spec);
    expect(json(world.authorization('data/redis'))).not.toContain('principals');
    expect(world.condition('data/redis', 'PoliciesApplied')).toMatchObject({
      status: 'False',
      reason: 'ForeignObject',
    });

    world.cluster.remove(
      KINDS.CiliumNetworkPolicy,
      foreign.metadata as ObjectKey,
    );
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });

  it('keeps what is applied when a declaration turns bad, says so, and goes on with the others', async () => {
    const world = await chapter();
    const before = world.cilium('data/redis')!.spec;
    const bad = world.member('data/redis')!;
    world.cluster.put({
      ...bad,
      spec: { ...(bad.spec as object), target: { selector: {} } },
    });
    world.cluster.put(aMemberManifest('data/other'));
    await world.settle();
    expect(world.cilium('data/redis')!.spec).toEqual(before);
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'InvalidSpec',
    });
    expect(world.edges('data/redis')).not.toContain(
      'inbound commerce/checkout enforced',
    );
    expect(world.condition('data/other', 'Ready')).toMatchObject({
      status: 'True',
    });
  });

  it('writes nothing while any list is incomplete', async () => {
    const cluster = new FakeCluster(ALL_DEFINITIONS);
    cluster.cache(KINDS.Pod).isComplete = false;
    cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    const world = atWork({ cluster });
    await world.settle();
    expect(cluster.writes).toEqual([]);
    cluster.cache(KINDS.Pod).isComplete = true;
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });

  it('freezes the policies when an engine disappears', async () => {
    const world = await chapter();
    const before = world.cilium('data/redis')!.spec;
    world.cluster.remove(KINDS.CustomResourceDefinition, {
      name: 'authorizationpolicies.security.istio.io',
    });
    world.cluster.put(aServiceManifest('commerce/checkout'));
    await world.settle();
    expect(world.cilium('data/redis')!.spec).toEqual(before);
    expect(
      world.condition('commerce/checkout', 'EnginesKnown', 'LatticeService'),
    ).toMatchObject({
      status: 'False',
      reason: 'EngineLost',
    });
  });

  it('reports a refused write and tries again', async () => {
    const world = atWork();
    world.cluster.refusals.set('create AuthorizationPolicy', 'Invalid');
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ApplyFailed',
    });
    expect(world.cilium('data/redis')).toBeUndefined();
    world.cluster.refusals.clear();
    await world.settle(120_000);
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });

  it('writes nothing for services that another controller owns, yet counts them', async () => {
    const world = await chapter({ services: 'foreign' });
    expect(json(world.cilium('data/redis'))).toContain('checkout');
    expect(world.cilium('commerce/checkout')).toBeUndefined();
    expect(
      world.cluster.get(KINDS.LatticeService, key('commerce/checkout'))!.status,
    ).toBeUndefined();
    expect(world.edges('data/redis')).toEqual([
      'inbound commerce/checkout agreed',
      'inbound commerce/inventory agreed',
    ]);
  });

  it('works where LatticeService is not served at all', async () => {
    const cluster = new FakeCluster(
      ALL_DEFINITIONS.filter(name => !name.startsWith('latticeservices')),
    );
    cluster.cache(KINDS.LatticeService).isComplete = false;
    const world = atWork({ cluster });
    cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });
});
