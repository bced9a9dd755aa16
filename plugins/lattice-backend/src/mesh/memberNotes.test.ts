import { KINDS } from '../clusters/kinds';
import { atWork, chapter, CHAPTER_REDIS } from './__testUtils__/atWork';
import { aMemberManifest, aServiceManifest } from './__testUtils__/manifests';

type World = ReturnType<typeof atWork>;

const eventsOf = ({ cluster }: World, name: string) =>
  cluster
    .all(KINDS.Event)
    .filter(({ regarding }) => (regarding as { name: string }).name === name)
    .map(({ type, reason, note }) => `${type} ${reason}: ${note}`);

describe('Events about members', () => {
  it('tell that one has become Ready, once', async () => {
    const world = await chapter();
    await world.settle(20 * 60_000);
    const ready = eventsOf(world, 'redis').filter(one =>
      one.startsWith('Normal Succeeded'),
    );
    expect(ready).toHaveLength(1);
  }, 20_000);

  it('tell what is missing and that it has come', async () => {
    const world = atWork();
    world.cluster.put(
      aMemberManifest('commerce/checkout', {
        dependencies: [{ name: 'redis', namespace: 'data' }],
      }),
    );
    await world.settle();
    const missing =
      'Warning OutboundUnmatched: outbound dependency redis declared but no matching inbound declaration found.';
    expect(eventsOf(world, 'checkout')).toContain(missing);

    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(eventsOf(world, 'checkout')).toContainEqual(
      expect.stringContaining('Normal AllAgreed'),
    );
  });

  it('are all that is written for a service of another controller', async () => {
    const world = atWork({ services: 'foreign' });
    world.cluster.put(
      aServiceManifest('commerce/checkout', { outbound: ['data/redis'] }),
    );
    await world.settle();
    expect(eventsOf(world, 'checkout')).toEqual([
      'Warning OutboundUnmatched: outbound dependency redis declared but no matching inbound declaration found.',
    ]);
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(eventsOf(world, 'checkout')).toHaveLength(2);
  });

  it('fail no pass when they are refused', async () => {
    const world = atWork();
    world.cluster.refusals.set('create Event', 'Forbidden');
    world.cluster.put(aMemberManifest('data/redis', CHAPTER_REDIS));
    await world.settle();
    expect(world.condition('data/redis', 'Ready')).toMatchObject({
      status: 'True',
    });
  });
});
