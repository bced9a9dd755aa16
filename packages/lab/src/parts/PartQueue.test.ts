import { PartQueue } from './PartQueue';
import type { PartName } from './types';

describe('PartQueue', () => {
  it('goes in the order of the catalogue, one at a time and each once', async () => {
    const order: string[] = [];
    const queue = new PartQueue(async name => {
      order.push(`${name} begins`);
      await new Promise(resolve => setImmediate(resolve));
      order.push(`${name} ends`);
      return { name, programs: {}, origin: 'built' };
    });
    queue.expect(['gitea', 'etcd']);
    queue.expect(['etcd']);
    await Promise.all([queue.get('gitea'), queue.get('etcd')]);
    expect(order).toEqual([
      'etcd begins',
      'etcd ends',
      'gitea begins',
      'gitea ends',
    ]);
  });

  it('goes on after a part that failed', async () => {
    const queue = new PartQueue(async (name: PartName) => {
      if (name === 'etcd') {
        throw new Error('no compiler');
      }
      return { name, programs: {}, origin: 'built' };
    });
    queue.expect(['etcd', 'gitea']);
    await expect(queue.get('etcd')).rejects.toThrow('no compiler');
    await expect(queue.get('gitea')).resolves.toMatchObject({ name: 'gitea' });
  });
});
