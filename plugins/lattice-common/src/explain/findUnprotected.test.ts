import { aMember } from '../graph/__testUtils__/aMember';
import { aPod, aPolicy, aWorldOf } from './__testUtils__/aWorld';
import { findUnprotected } from './findUnprotected';

const pods = [
  aPod('data/redis'),
  aPod('data/node', { labels: { app: 'redis' }, hostNetwork: true }),
  aPod('data/stray'),
  aPod('web/chart'),
  aPod('kube-system/dns'),
];
const world = aWorldOf([aMember('data/redis')], {
  pods,
  foreignPolicies: [aPolicy('NetworkPolicy', 'web/chart', { podSelector: {} })],
});

describe('pods that are not protected', () => {
  it('are those that no member selects, and those on their node’s network', () => {
    const found = findUnprotected(world, {
      isLeftOut: namespace => namespace === 'kube-system',
    });
    expect(found.pods.map(({ name, reason }) => [name, reason])).toEqual([
      ['node', 'hostNetwork'],
      ['stray', 'notSelected'],
      ['chart', 'othersOnly'],
    ]);
  });

  it('are told up to a bound', () => {
    expect(findUnprotected(world, { limit: 1 })).toMatchObject({
      pods: [{ name: 'node' }],
      more: 3,
    });
  });
});
