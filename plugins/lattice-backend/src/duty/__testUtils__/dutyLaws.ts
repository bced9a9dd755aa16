import { DutyTable } from '../DutyTable';

/** Two replicas, each with a connection of its own. */
export type OpenTables = () => Promise<[DutyTable, DutyTable]>;

/** What holds on every database: a sentence, and what it claims. */
export const DUTY_LAWS: ReadonlyArray<
  [string, (open: OpenTables) => Promise<void>]
> = [
  [
    'lets one of two replicas win each row, renew it, and the other take over after the time',
    async open => {
      const [a, b] = await open();
      const clusters = ['uid-1', 'uid-2'];
      const claims = await Promise.all([
        a.claim('a', clusters, 1_000),
        b.claim('b', clusters, 1_000),
      ]);
      expect(claims.flat().sort()).toEqual(clusters);
      const hasFirstWon = claims[0].length > 0;
      const winner = hasFirstWon ? 'a' : 'b';
      const table = hasFirstWon ? a : b;
      const other = winner === 'a' ? 'b' : 'a';
      const before = await table.claim(winner, clusters, 1_000);
      expect(await b.claim(other, before, 1_000)).toEqual([]);
      await new Promise(resolve => setTimeout(resolve, 1_100));
      expect((await b.claim(other, clusters, 60_000)).sort()).toEqual(clusters);
      expect(await a.claim(winner, clusters, 60_000)).toEqual([]);
    },
  ],
  [
    'gives rows back at once',
    async open => {
      const [a, b] = await open();
      await a.claim('a', ['uid-3'], 60_000);
      expect(await b.claim('b', ['uid-3'], 60_000)).toEqual([]);
      await a.release('a');
      expect(await b.claim('b', ['uid-3'], 60_000)).toEqual(['uid-3']);
      expect(await b.claim('b', [], 60_000)).toEqual([]);
    },
  ],
];
