import { DutyTable } from '../DutyTable';

/** Tests of what holds on every database. Two replicas, each with a connection of its own. */
export function itKeepsDuties(open: () => Promise<[DutyTable, DutyTable]>) {
  it('lets one of two replicas win each row, renew it, and the other take over after the time', async () => {
    const [a, b] = await open();
    const clusters = ['uid-1', 'uid-2'];
    const claims = await Promise.all([
      a.claim('a', clusters, 1_000),
      b.claim('b', clusters, 1_000),
    ]);
    expect(claims.flat().sort()).toEqual(clusters);
    const [winner, table] = claims[0].length ? ['a', a] : ['b', b];
    const other = winner === 'a' ? 'b' : 'a';
    const before = await table.claim(winner, clusters, 1_000);
    expect(await b.claim(other, before, 1_000)).toEqual([]);
    await new Promise(resolve => setTimeout(resolve, 1_100));
    expect((await b.claim(other, clusters, 60_000)).sort()).toEqual(clusters);
    expect(await a.claim(winner, clusters, 60_000)).toEqual([]);
  });

  it('gives rows back at once', async () => {
    const [a, b] = await open();
    await a.claim('a', ['uid-3'], 60_000);
    expect(await b.claim('b', ['uid-3'], 60_000)).toEqual([]);
    await a.release('a');
    expect(await b.claim('b', ['uid-3'], 60_000)).toEqual(['uid-3']);
    expect(await b.claim('b', [], 60_000)).toEqual([]);
  });
}
