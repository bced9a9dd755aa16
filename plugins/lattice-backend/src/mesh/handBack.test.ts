import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { atWork, chapter, json, key } from './__testUtils__/atWork';
import { aPodManifest } from './__testUtils__/manifests';

const POD = 'commerce/checkout-0';
const LABELS = { 'app.kubernetes.io/name': 'checkout' };

/** What another controller writes for the service. */
function aForeignPolicy(spec: object): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { namespace: 'commerce', name: 'of-the-other-controller' },
    spec: {
      endpointSelector: { matchLabels: LABELS },
      ...spec,
    } as KubernetesObject['spec'],
  };
}

/** The chapter, with services that were ours and are another controller's now. */
async function handedBack() {
  const before = await chapter({ services: 'own' });
  before.cluster.put(aPodManifest(POD, LABELS));
  await before.settle();
  await before.stop();
  const world = atWork({ cluster: before.cluster, services: 'foreign' });
  await world.settle();
  return world;
}

describe('a service that is handed back to another controller', () => {
  it('loses what our policies allow, and stays denied while nobody else guards its pods', async () => {
    const world = await handedBack();
    expect(world.cilium('commerce/checkout')!.spec).toMatchObject({
      ingress: [{}],
      egress: [{}],
    });
    expect(json(world.authorization('commerce/checkout'))).not.toContain(
      'rules',
    );
  });

  it('is left to the other controller as soon as its policies deny by themselves', async () => {
    const world = await handedBack();
    world.cluster.put(aForeignPolicy({ ingress: [{}] }));
    await world.settle();
    // Only one direction: outgoing traffic would be open.
    expect(world.cilium('commerce/checkout')).toBeDefined();

    world.cluster.put(aForeignPolicy({ ingress: [{}], egress: [{}] }));
    await world.settle();
    expect(world.cilium('commerce/checkout')).toBeUndefined();
    expect(world.authorization('commerce/checkout')).toBeUndefined();
  });

  it('is not believed guarded by a policy that denies nothing', async () => {
    const world = await handedBack();
    world.cluster.put(
      aForeignPolicy({
        enableDefaultDeny: { ingress: false, egress: false },
        ingress: [{}],
        egress: [{}],
      }),
    );
    await world.settle();
    expect(world.cilium('commerce/checkout')).toBeDefined();
  });

  it('is let go with its last pod', async () => {
    const world = await handedBack();
    world.cluster.remove(KINDS.Pod, key(POD));
    await world.settle();
    expect(world.cilium('commerce/checkout')).toBeUndefined();
  });

  it('keeps its status, which is the other controller’s', async () => {
    const world = await handedBack();
    const writes = world.cluster.writes.filter(one =>
      one.includes('LatticeService'),
    );
    await world.settle(20 * 60_000);
    expect(
      world.cluster.writes.filter(one => one.includes('LatticeService')),
    ).toEqual(writes);
  }, 20_000);
});
